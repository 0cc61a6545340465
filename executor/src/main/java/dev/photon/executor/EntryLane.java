package dev.photon.executor;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * A partition of an entry topic: as one of calls, but that it waits, too, when its publishers are over their rate, or their
 * records take too much memory. What was taken and is over the rate has not begun, and is left to the next owner.
 */
final class EntryLane extends CallLane {
    private final EntryLanes all;
    private final TakenBytes.Share taken;
    /** Of what is not finished, by its offset. */
    private final Map<Long, Long> sizes = new HashMap<>();

    private int waiting;
    private boolean paused;

    EntryLane(OffsetTracker tracker, Optional<OffsetAndMetadata> committed, int window, Intake intake, EntryLanes all) {
        super(tracker, committed, window, intake);
        this.all = all;
        this.taken = all.bytes().share();
    }

    @Override
    void take(ConsumerRecord<byte[], byte[]> source) {
        if (begin(source.offset())) {
            begun(source);
            all.add(this, source);
        }
    }

    private synchronized void begun(ConsumerRecord<byte[], byte[]> source) {
        var size = TakenBytes.of(source);
        sizes.put(source.offset(), size);
        taken.add(size);
        waiting++;
    }

    void runWaiting(ConsumerRecord<byte[], byte[]> source) {
        synchronized (this) {
            waiting--;
        }
        run(source);
    }

    @Override
    Optional<OffsetAndMetadata> nextAlone() {
        all.runWaiting();
        return Optional.empty();
    }

    @Override
    void close() {
        all.leave(this);
    }

    @Override
    synchronized boolean idle() {
        return unfinished() == waiting;
    }

    @Override
    synchronized void finish(long offset) {
        super.finish(offset);
        var size = sizes.remove(offset);
        taken.add(size == null ? 0 : -size);
        if (idle()) {
            notifyAll();
        }
    }

    @Override
    synchronized boolean full() {
        var full = super.full() || all.anyWaits() || isTooLarge();
        if (full) {
            pause(true);
        }
        return full;
    }

    @Override
    synchronized boolean roomy() {
        var roomy = super.roomy() && !all.anyWaits() && !isTooLarge();
        if (roomy) {
            pause(false);
        }
        return roomy;
    }

    @Override
    Duration untilRoomy() {
        return all.anyWaits() ? all.untilNext() : super.untilRoomy();
    }

    private boolean isTooLarge() {
        return taken.isTooMuch() && unfinished() > 0;
    }

    private void pause(boolean wanted) {
        if (paused != wanted) {
            paused = wanted;
            all.meters().paused(wanted ? 1 : -1);
        }
    }

    @Override
    void drop() {
        super.drop();
        taken.close();
        synchronized (this) {
            pause(false);
        }
        all.dropped(this);
    }
}
