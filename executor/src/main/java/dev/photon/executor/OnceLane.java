package dev.photon.executor;

import dev.photon.protocol.FinishedRanges;
import dev.photon.protocol.TriggerCommit;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * A partition whose records run at most once: a batch is committed before any of it runs, and is nobody else's from then
 * on, whoever gets the partition. What fails is tried again for as long as the partition is ours.
 */
final class OnceLane extends Lane {
    private final TriggerIntake intake;
    private final long generation;
    private final OffsetTracker tracker;
    private int unfinished;
    private boolean closing;

    OnceLane(
            OffsetTracker tracker,
            Optional<OffsetAndMetadata> committed,
            int window,
            TriggerIntake intake,
            long generation) {
        super(tracker, committed, window);
        this.tracker = tracker;
        this.intake = intake;
        this.generation = generation;
    }

    @Override
    synchronized Optional<OffsetAndMetadata> claim(long last) {
        return Optional.of(new OffsetAndMetadata(
                last + 1, commit(last + 1, tracker.finished().from(last + 1))));
    }

    @Override
    String metadata(OffsetTracker finished, long committed) {
        return commit(committed, finished.finished());
    }

    private String commit(long offset, FinishedRanges finished) {
        return new TriggerCommit(generation, offset, new TreeMap<>(), finished).encode(offset);
    }

    @Override
    void take(ConsumerRecord<byte[], byte[]> source) {
        if (claimed(source.offset())) {
            intake.accept(source, new Work());
        }
    }

    private synchronized boolean claimed(long offset) {
        if (!begin(offset)) {
            return false;
        }
        finish(offset);
        unfinished++;
        return true;
    }

    @Override
    synchronized void close() {
        closing = true;
    }

    private synchronized boolean triesAgain() {
        return !closing && !isDropped();
    }

    @Override
    synchronized int unfinished() {
        return unfinished;
    }

    private synchronized void leave() {
        if (--unfinished == 0) {
            notifyAll();
        }
    }

    private final class Work implements TriggerIntake.Taken {
        private volatile boolean waited;

        @Override
        public int attempts() {
            return 0;
        }

        @Override
        public boolean redelivered() {
            return false;
        }

        @Override
        public boolean wanted() {
            return true;
        }

        @Override
        public boolean begin() {
            return !waited || triesAgain();
        }

        @Override
        public boolean hasNextOwner() {
            return false;
        }

        @Override
        public void waits(int attempts) {
            waited = true;
        }

        @Override
        public void again(Runnable attempt) {
            attempt.run();
        }

        @Override
        public void finished() {
            leave();
        }

        @Override
        public Optional<TriggerIntake.Holding> holding() {
            return Optional.empty();
        }
    }
}
