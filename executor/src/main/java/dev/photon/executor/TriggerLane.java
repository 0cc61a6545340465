package dev.photon.executor;

import dev.photon.protocol.TriggerCommit;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * A partition whose records run at least once. Its commits say how far records may have begun, so that the next owner
 * knows what this one may have died of:
 *
 * <pre>
 *   offset   4  5  6  7  8  9 10 11 12 13 14
 *            ■  ■  □  ■  □  □                       ■ finished  □ begun
 *                  ▲           ▲ next     ▲
 *                  committed              begun: nothing here or behind begins before a commit says so
 *
 *   after a death:   6 and 8 to 13 are suspects: one at a time, each attempt noted in a commit before it begins
 *   after a release: nothing was running, so there are none
 * </pre>
 */
final class TriggerLane extends Lane {
    private final TriggerIntake intake;
    private final int mostAttempts;
    private final long generation;
    private final Suspects suspects;
    private final NotedAttempts attempts;
    /** What the last commit of ours says that is safe. */
    private long begun;
    /** What the next one says at least. */
    private long promised;

    private Optional<Alone> prepared = Optional.empty();
    private int running;
    private boolean closing;

    /** A suspect whose attempt is noted, and is to begin when that is committed. */
    private record Alone(ConsumerRecord<byte[], byte[]> source, int before) {}

    /**
     * @param mostAttempts after which a record is not run again
     * @param restored what the last commit says, or would if there was one, apart from what the tracker knows
     */
    TriggerLane(
            OffsetTracker tracker,
            Optional<OffsetAndMetadata> committed,
            int window,
            TriggerIntake intake,
            int mostAttempts,
            TriggerCommit restored) {
        super(tracker, committed, window);
        this.intake = intake;
        this.mostAttempts = mostAttempts;
        this.generation = restored.generation();
        this.suspects = new Suspects(restored.begun());
        this.attempts = new NotedAttempts(restored.attempts());
        this.begun = tracker.committable();
    }

    @Override
    synchronized Optional<OffsetAndMetadata> claim(long last) {
        // The attempts of suspects are noted one by one.
        if (last < Math.max(begun, suspects.end())) {
            return Optional.empty();
        }
        promised = Math.max(promised, last + 1 + window());
        return Optional.of(progress());
    }

    @Override
    String metadata(OffsetTracker tracker) {
        var committed = tracker.committable();
        return new TriggerCommit(generation, begun(tracker), attempts.all(), tracker.finished()).encode(committed);
    }

    private long begun(OffsetTracker tracker) {
        if (suspects.anyLeft(tracker.next())) {
            return Math.max(suspects.end(), promised);
        }
        return closing && running == 0 ? tracker.committable() : Math.max(promised, tracker.next() + window());
    }

    @Override
    synchronized void committed(OffsetAndMetadata progress) {
        super.committed(progress);
        TriggerCommit.decode(progress.offset(), progress.metadata()).ifPresent(said -> begun = said.begun());
    }

    @Override
    void take(ConsumerRecord<byte[], byte[]> source) {
        if (begin(source.offset()) && !keepBack(source)) {
            run(source);
        }
    }

    private synchronized boolean keepBack(ConsumerRecord<byte[], byte[]> source) {
        return suspects.keepBack(source);
    }

    private void run(ConsumerRecord<byte[], byte[]> source) {
        intake.accept(source, new Work(source.offset(), attemptsOf(source.offset()), false));
    }

    private synchronized int attemptsOf(long offset) {
        return attempts.of(offset);
    }

    @Override
    Optional<OffsetAndMetadata> nextAlone() {
        released().forEach(this::run);
        return prepare();
    }

    private synchronized List<ConsumerRecord<byte[], byte[]>> released() {
        return suspects.release();
    }

    /** What was prepared and could not be committed is prepared already. */
    private synchronized Optional<OffsetAndMetadata> prepare() {
        if (prepared.isEmpty() && !closing) {
            prepared = suspects.next(intake::isFree).map(this::noted);
        }
        return prepared.map(alone -> progress());
    }

    private Alone noted(ConsumerRecord<byte[], byte[]> source) {
        var before = attempts.of(source.offset());
        attempts.note(source.offset(), Math.min(mostAttempts, before + 1));
        return new Alone(source, before);
    }

    @Override
    void runAlone() {
        var alone = beginAlone();
        intake.accept(alone.source(), new Work(alone.source().offset(), alone.before(), true));
    }

    private synchronized Alone beginAlone() {
        var alone = prepared.orElseThrow();
        prepared = Optional.empty();
        suspects.begin(alone.source());
        return alone;
    }

    @Override
    synchronized boolean full() {
        return suspects.anyWaiting() || super.full();
    }

    @Override
    synchronized boolean roomy() {
        return !suspects.anyWaiting() && super.roomy();
    }

    @Override
    synchronized void close() {
        closing = true;
        prepared.ifPresent(alone -> keep(alone.source().offset(), alone.before()));
        prepared = Optional.empty();
    }

    @Override
    synchronized boolean idle() {
        return running == 0;
    }

    private boolean enter() {
        if (closing || isDropped()) {
            return false;
        }
        running++;
        return true;
    }

    private void leave(long offset) {
        suspects.ended(offset);
        if (--running == 0) {
            notifyAll();
        }
    }

    /** An attempt that was noted may have come to no run. Under the lock, as the two above. */
    private void keep(long offset, int count) {
        if (count == 0) {
            attempts.forget(offset);
        } else {
            attempts.note(offset, count);
        }
    }

    private final class Work implements TriggerIntake.Taken {
        private final long offset;
        private final int before;
        private final boolean suspect;
        private boolean begun;

        Work(long offset, int before, boolean suspect) {
            this.offset = offset;
            this.before = before;
            this.suspect = suspect;
        }

        @Override
        public int attempts() {
            return before;
        }

        @Override
        public boolean redelivered() {
            return suspect;
        }

        @Override
        public boolean wanted() {
            return !isDropped();
        }

        @Override
        public boolean begin() {
            synchronized (TriggerLane.this) {
                var entered = enter();
                if (suspect && !begun && !entered) {
                    keep(offset, before);
                }
                begun |= entered;
                return entered;
            }
        }

        @Override
        public boolean hasNextOwner() {
            return true;
        }

        @Override
        public void waits(int count) {
            synchronized (TriggerLane.this) {
                keep(offset, count);
                leave(offset);
            }
        }

        @Override
        public void finished() {
            synchronized (TriggerLane.this) {
                attempts.forget(offset);
                finish(offset);
                leave(offset);
            }
        }
    }
}
