package dev.photon.executor;

import dev.photon.protocol.TriggerCommit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition whose records come to one outcome each. They run side by side; what they lead to is held back until all
 * before it is over, and becomes safe together with their offsets:
 *
 * <pre>
 *   offset   4  5  6  7  8  9 10
 *            ■  ▣  ▣  □  ▣  □             ■ finished  ▣ ran, its output held back  □ runs, or waits
 *               ▲     ▲ end of the next batch: the outputs of 5 and 6, in this order, and the offset 7
 *               committed
 * </pre>
 *
 * While too much is held back, only the first record that has to run does: the batch ends with it.
 */
final class ExactlyOnceLane extends TriggerLane {
    private static final Logger LOG = LoggerFactory.getLogger(ExactlyOnceLane.class);

    /** What is held back, by the offset of what led to it. */
    private final TreeMap<Long, Place> held = new TreeMap<>();

    /** Attempts that wait until less is held back, by offset. */
    private final TreeMap<Long, CompletableFuture<Void>> waiting = new TreeMap<>();

    private record Place(Work work, Held output) {}

    ExactlyOnceLane(OffsetTracker tracker, Optional<OffsetAndMetadata> committed, Rules rules, TriggerCommit restored) {
        super(tracker, committed, rules, restored);
    }

    @Override
    synchronized Batch batch(Predicate<Held> goes) {
        if (held.isEmpty()) {
            return super.batch(goes);
        }
        var end = tracker()
                .committableBeyond(offset ->
                        held.containsKey(offset) && goes.test(held.get(offset).output()));
        var outputs = new TreeMap<Long, Held>();
        held.headMap(end).forEach((offset, place) -> outputs.put(offset, place.output()));
        return new Batch(progress(end), outputs);
    }

    @Override
    void committed(Batch batch) {
        super.committed(batch);
        batch.outputs().forEach((offset, output) -> {
            letGo(offset);
            guarded(output.acknowledged());
        });
    }

    /** It counts as finished whatever becomes of what follows it. */
    private synchronized void letGo(long offset) {
        var place = held.remove(offset);
        taken().add(-place.output().bytes());
        place.work().finished();
    }

    @Override
    void tooLarge(long offset) {
        guarded(refused(offset).tooLarge());
    }

    private synchronized Held refused(long offset) {
        var refused = held.remove(offset).output();
        taken().add(-refused.bytes());
        return refused;
    }

    private static void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("what follows a trigger's output met a fault of ours");
        }
    }

    @Override
    synchronized boolean hurries() {
        return !held.isEmpty() || !idle();
    }

    /** It is roomy when something is committed, for which the commits have a patience of their own. */
    @Override
    Duration untilRoomy() {
        return hurries() ? Commits.LONGEST_WAIT : super.untilRoomy();
    }

    @Override
    Optional<OffsetAndMetadata> nextAlone() {
        admitted().forEach(room -> room.complete(null));
        return super.nextAlone();
    }

    /** Those for whom there is room. */
    private synchronized Collection<CompletableFuture<Void>> admitted() {
        var all = new ArrayList<CompletableFuture<Void>>();
        while (!waiting.isEmpty() && hasRoom(waiting.firstKey())) {
            all.add(waiting.pollFirstEntry().getValue());
        }
        return all;
    }

    /** Under the lock. */
    private boolean hasRoom(long offset) {
        return isOver() || !taken().isTooMuch() || tracker().committableBeyond(held::containsKey) == offset;
    }

    @Override
    void close() {
        super.close();
        left().forEach(room -> room.complete(null));
    }

    private synchronized List<CompletableFuture<Void>> left() {
        var all = List.copyOf(waiting.values());
        waiting.clear();
        return all;
    }

    @Override
    Optional<TriggerIntake.Holding> holding(Work work) {
        return Optional.of(new Holder(work));
    }

    private final class Holder implements TriggerIntake.Holding {
        private final Work work;

        Holder(Work work) {
            this.work = work;
        }

        @Override
        public CompletableFuture<Void> room() {
            synchronized (ExactlyOnceLane.this) {
                // There is one suspect at a time, and those before it may wait for it.
                return work.redelivered() || hasRoom(work.offset())
                        ? CompletableFuture.completedFuture(null)
                        : waiting.computeIfAbsent(work.offset(), offset -> new CompletableFuture<>());
            }
        }

        @Override
        public void hold(Held output) {
            synchronized (ExactlyOnceLane.this) {
                held.put(work.offset(), new Place(work, output));
                taken().add(output.bytes());
                work.survived();
            }
        }
    }
}
