package dev.photon.executor;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many records of an entry topic this process may take, by a bucket of tokens that fills with its share of the rate.
 * Thread-safe.
 *
 * <pre>
 *   full at = burst · share        share = partitions that are ours / all of the topic
 *   a record may be taken  ⇔  tokens ≥ 1, or the bucket is full and smaller
 * </pre>
 */
final class EntryRate {
    private static final double NANOS = 1e9;
    /** For which nobody waits by itself, while the bucket has room for what comes in that time. */
    private static final double SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /** A consumer counts whole milliseconds, and would not wait for less. */
    private static final double SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private int rate;
    private int burst;
    private double share;
    /** The greatest share that there was. */
    private double most;

    private double tokens;
    private long filled;

    /**
     * @param rate records in a second; 0 for no bound
     * @param burst at least 1, where there is a rate
     * @param nanoTime as {@link System#nanoTime} tells it
     */
    EntryRate(int rate, int burst, LongSupplier nanoTime) {
        this.rate = rate;
        this.burst = burst;
        this.nanoTime = nanoTime;
        this.filled = nanoTime.getAsLong();
    }

    /** What holds from now on. A bucket that was full goes on with as much as it has, or has room for. */
    synchronized void change(int newRate, int newBurst) {
        fill();
        rate = newRate;
        burst = newBurst;
        tokens = Math.min(full(), tokens);
    }

    /**
     * Of so many partitions, these are ours from now on. Those that are more than ever before come with a full bucket, and
     * others with none: they were others' meanwhile, who had what they allow.
     */
    synchronized void share(int ours, int all) {
        fill();
        share = (double) ours / Math.max(ours, Math.max(1, all));
        tokens = Math.min(full(), tokens + Math.max(0, share - most) * burst);
        most = Math.max(most, share);
    }

    /** Whether one more may be taken, which it is then. */
    synchronized boolean take() {
        if (rate == 0) {
            return true;
        }
        fill();
        if (tokens < enough()) {
            return false;
        }
        tokens--;
        return true;
    }

    /** How long to wait before the next, or the next few, may be taken. */
    synchronized Duration untilNext() {
        fill();
        var perNano = rate * share / NANOS;
        if (perNano <= 0 || tokens >= enough()) {
            return Duration.ZERO;
        }
        var next = (enough() - tokens) / perNano;
        var all = (full() - tokens) / perNano;
        return Duration.ofNanos((long) Math.ceil(Math.max(Math.max(SHORTEST_NANOS, next), Math.min(SHORT_NANOS, all))));
    }

    private void fill() {
        var now = nanoTime.getAsLong();
        tokens = Math.min(full(), tokens + (now - filled) / NANOS * rate * share);
        filled = now;
    }

    private double full() {
        return burst * share;
    }

    private double enough() {
        return Math.min(1, full());
    }
}
