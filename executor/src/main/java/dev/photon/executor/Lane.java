package dev.photon.executor;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * The work of one partition while it is ours. The poll thread begins and commits; whoever learns that an invocation is
 * over finishes it. Thread-safe.
 */
final class Lane {
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
        return tracker.unfinished() >= window;
    }

    synchronized boolean roomy() {
        return tracker.unfinished() <= window / 2;
    }

    synchronized int unfinished() {
        return tracker.unfinished();
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
        return new OffsetAndMetadata(tracker.committable(), tracker.metadata());
    }

    synchronized boolean isCommitted(OffsetAndMetadata progress) {
        return committed.isPresent() && progress.equals(committed.get());
    }

    synchronized void committed(OffsetAndMetadata progress) {
        committed = Optional.of(progress);
    }

    /** The partition is someone else's now: what has not begun must not. */
    synchronized void drop() {
        dropped = true;
    }

    synchronized boolean isDropped() {
        return dropped;
    }

    /** Waits until everything begun is finished. False when the time was not enough. */
    synchronized boolean drain(Duration budget) throws InterruptedException {
        var until = System.nanoTime() + budget.toNanos();
        while (tracker.unfinished() > 0) {
            var left = Duration.ofNanos(until - System.nanoTime()).toMillis();
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
