package dev.photon.executor;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * The work of one partition while it is ours. The poll thread takes and commits; whoever learns that a record is over
 * finishes it. Thread-safe.
 */
abstract class Lane {
    private static final Duration SHORTLY = Duration.ofMillis(5);

    private final OffsetTracker tracker;
    private final int window;
    private Optional<OffsetAndMetadata> committed;
    private boolean dropped;
    private OptionalLong position = OptionalLong.empty();

    Lane(OffsetTracker tracker, Optional<OffsetAndMetadata> committed, int window) {
        this.tracker = tracker;
        this.committed = committed;
        this.window = window;
    }

    /** What must be committed before records up to this offset may be taken; empty when they may. */
    Optional<OffsetAndMetadata> claim(long last) {
        return Optional.empty();
    }

    /** Takes the next record of the partition. Returns at once. */
    abstract void take(ConsumerRecord<byte[], byte[]> source);

    /** What must be committed before the next record that is kept back runs; empty when none is, or it is not its turn. */
    Optional<OffsetAndMetadata> nextAlone() {
        return Optional.empty();
    }

    /** Runs that record: its commit is safe. */
    void runAlone() {
        throw new IllegalStateException("no record is kept back");
    }

    /** From now on nothing begins that can be left to the next owner. */
    void close() {}

    /** Whether nothing goes on that is worth waiting for. */
    boolean idle() {
        return unfinished() == 0;
    }

    /** Whether a later record has begun, or a later one was committed. */
    synchronized boolean hasPassed(long offset) {
        return tracker.hasPassed(offset);
    }

    /** False when the owner before us had finished this record already. */
    synchronized boolean begin(long offset) {
        return tracker.begin(offset);
    }

    synchronized void finish(long offset) {
        tracker.finish(offset);
        if (tracker.unfinished() == 0) {
            notifyAll();
        }
    }

    synchronized boolean full() {
        return unfinished() >= window;
    }

    synchronized boolean roomy() {
        return unfinished() <= window / 2;
    }

    /** How long its thread may wait, while it is not {@link #roomy}, before it looks again. */
    Duration untilRoomy() {
        return SHORTLY;
    }

    synchronized int unfinished() {
        return tracker.unfinished();
    }

    int window() {
        return window;
    }

    /** The next offset that the consumer will hand over, when what it has handed over has begun. */
    synchronized void reached(long next) {
        tracker.moveTo(next);
        position = OptionalLong.of(next);
    }

    synchronized OptionalLong position() {
        return position;
    }

    /** What can be committed now; the same as before when nothing changed. */
    synchronized OffsetAndMetadata progress() {
        return progress(tracker.committable());
    }

    /** What can be committed when all before this offset is finished. Under the lock. */
    final OffsetAndMetadata progress(long committed) {
        return new OffsetAndMetadata(committed, metadata(tracker, committed));
    }

    /** What the commit of this offset says beside it. Under the lock. */
    String metadata(OffsetTracker finished, long committed) {
        return finished.metadata();
    }

    /**
     * What can become safe at once.
     *
     * @param goes whether a message may go with it; asked in the order of the offsets, and not after the first no
     */
    Batch batch(Predicate<Held> goes) {
        return Batch.of(progress());
    }

    /** That is safe now. */
    void committed(Batch batch) {
        committed(batch.progress());
    }

    /** What this record led to is larger than its topic takes. */
    void tooLarge(long offset) {
        throw new IllegalStateException("nothing is held back");
    }

    /** Whether something may be finished at any moment that somebody waits for. */
    boolean hurries() {
        return false;
    }

    synchronized boolean isCommitted(OffsetAndMetadata progress) {
        return committed.isPresent() && progress.equals(committed.get());
    }

    synchronized void committed(OffsetAndMetadata progress) {
        committed = Optional.of(progress);
    }

    /** The partition is someone else's now: what has not begun must not. */
    void drop() {
        synchronized (this) {
            dropped = true;
        }
    }

    synchronized boolean isDropped() {
        return dropped;
    }

    /** Waits until it is {@link #idle}, or nobody's any more. False when the time was not enough. */
    synchronized boolean drain(Duration budget) throws InterruptedException {
        var until = System.nanoTime() + budget.toNanos();
        while (!dropped && !idle()) {
            var left = Duration.ofNanos(until - System.nanoTime()).toMillis();
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
