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
    private final TakenBytes.Share taken;
    private final long generation;
    private final OffsetTracker tracker;
    private int unfinished;
    private boolean closing;

    OnceLane(OffsetTracker tracker, Optional<OffsetAndMetadata> committed, TriggerLane.Rules rules, long generation) {
        super(tracker, committed, rules.window());
        this.tracker = tracker;
        this.intake = rules.intake();
        this.taken = rules.bytes().share();
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
        var bytes = TakenBytes.of(source);
        if (claimed(source.offset(), bytes)) {
            intake.accept(source, new Work(bytes));
        }
    }

    private synchronized boolean claimed(long offset, long bytes) {
        if (!begin(offset)) {
            return false;
        }
        finish(offset);
        unfinished++;
        taken.add(bytes);
        return true;
    }

    @Override
    synchronized boolean full() {
        return super.full() || isTooLarge();
    }

    @Override
    synchronized boolean roomy() {
        return super.roomy() && !isTooLarge();
    }

    private boolean isTooLarge() {
        return taken.isTooMuch() && unfinished > 0;
    }

    /** What has begun goes on, and is counted until it ends. */
    @Override
    synchronized void drop() {
        super.drop();
        closeWhenOver();
    }

    private void closeWhenOver() {
        if (isDropped() && unfinished == 0) {
            taken.close();
        }
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

    private synchronized void leave(long bytes) {
        taken.add(-bytes);
        if (--unfinished == 0) {
            notifyAll();
        }
        closeWhenOver();
    }

    private final class Work implements TriggerIntake.Taken {
        private final long bytes;
        private volatile boolean waited;

        private Work(long bytes) {
            this.bytes = bytes;
        }

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
            leave(bytes);
        }

        @Override
        public Optional<TriggerIntake.Holding> holding() {
            return Optional.empty();
        }
    }
}
