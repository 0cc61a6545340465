package dev.photon.ingress.scaler;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * How long a call of one pool will wait until it is answered, by how fast those before it are. While there is work all
 * the time, that is what is unfinished over what is finished in a second (Little's law); so nothing has to be known of
 * how many executors there are, or how much each runs at once. Thread-safe.
 */
final class Backlog {
    /** What is older tells nothing about now. */
    static final Duration WINDOW = Duration.ofSeconds(5);

    /** Before that, a burst looks like a jam. */
    static final Duration LEAST = Duration.ofSeconds(3);

    private record Seen(long nanos, long unfinished, long finished) {}

    private final Deque<Seen> seen = new ArrayDeque<>();
    private boolean nobody;

    /**
     * @param unfinished calls, those that run included
     * @param finished calls, ever
     * @param members executors that take calls of the pool; empty when that is not known
     * @param nowNanos on {@link System#nanoTime}'s clock
     */
    synchronized void read(long unfinished, long finished, Optional<Integer> members, long nowNanos) {
        // The first call of a pool without executors is to wake one, so that one is waited for.
        nobody = unfinished > 0 && members.filter(count -> count == 0).isPresent();
        if (unfinished == 0) {
            seen.clear();
            return;
        }
        seen.addLast(new Seen(nowNanos, unfinished, finished));
        while (nowNanos - seen.getFirst().nanos() > WINDOW.toNanos()) {
            seen.removeFirst();
        }
    }

    /** What was said before may be over. */
    synchronized void unknown() {
        nobody = false;
        seen.clear();
    }

    /** Whether calls wait, and there is no executor. */
    synchronized boolean isUnattended() {
        return nobody;
    }

    /** Empty when nothing waits, or when it cannot be told. */
    synchronized Optional<Duration> expectedWait() {
        if (seen.isEmpty()) {
            return Optional.empty();
        }
        var last = seen.getLast();
        var span = last.nanos() - seen.getFirst().nanos();
        var done = last.finished() - seen.getFirst().finished();
        if (span < LEAST.toNanos() || done <= 0) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos((long) ((double) last.unfinished() * span / done)));
    }
}
