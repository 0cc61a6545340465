package dev.photon.executor;

import java.util.function.LongSupplier;

/**
 * How many records of an entry topic this process may still take, by a bucket of tokens that fills with its share of the
 * rate. A batch is taken as a whole, and what it takes too much is waited for afterwards: in the long run the rate holds. At
 * once never more than the burst comes where all partitions are ours, and a batch more for each other process. Thread-safe.
 *
 * <pre>
 *   fullest = (burst - batch) · share        share = partitions that are ours / all of the topic
 *   a batch may come  ⇔  tokens ≥ 0
 * </pre>
 */
final class EntryRate {
    private static final int MOST_BATCH = 500;
    private static final double NANOS = 1e9;

    private final int rate;
    private final int burst;
    private final LongSupplier nanoTime;
    private double share;
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

    /** The most records that may be taken in one go. */
    int batch() {
        return rate == 0 ? MOST_BATCH : Math.clamp(burst / 2, 1, MOST_BATCH);
    }

    /** Of so many partitions, these are ours from now on. */
    synchronized void share(int ours, int all) {
        fill();
        var more = (double) ours / Math.max(ours, Math.max(1, all)) - share;
        share += more;
        tokens = Math.min(fullest(), tokens + Math.max(0, more) * room());
    }

    synchronized void took() {
        tokens -= rate == 0 ? 0 : 1;
    }

    /** Whether the next batch has to wait. */
    synchronized boolean isSpent() {
        fill();
        return tokens < 0;
    }

    private void fill() {
        var now = nanoTime.getAsLong();
        tokens = Math.min(fullest(), tokens + (now - filled) / NANOS * rate * share);
        filled = now;
    }

    private double fullest() {
        return room() * share;
    }

    private int room() {
        return rate == 0 ? 0 : burst - batch();
    }
}
