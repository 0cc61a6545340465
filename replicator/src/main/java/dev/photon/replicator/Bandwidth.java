package dev.photon.replicator;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many bytes a second come from other regions. Records go first: they are few, and functions change by them.
 * Content waits for what they take, too, and they never wait for content. Thread-safe.
 */
final class Bandwidth {
    private final Bucket records;
    private final Bucket all;

    /**
     * @param bytesPerSecond 0 for as many as there are
     * @param nanoTime a clock, such as {@link System#nanoTime}
     */
    Bandwidth(int bytesPerSecond, LongSupplier nanoTime) {
        this.records = new Bucket(bytesPerSecond, nanoTime);
        this.all = new Bucket(bytesPerSecond, nanoTime);
    }

    /** How many nanoseconds to wait before more is read, after so many bytes of records were. */
    long nanosAfterRecords(long bytes) {
        all.nanosAfter(bytes);
        return records.nanosAfter(bytes);
    }

    /** How many nanoseconds to wait before more is read, after so many bytes of content were. */
    long nanosAfterContent(long bytes) {
        return all.nanosAfter(bytes);
    }

    /** A token bucket that holds what comes in a second, and is overdrawn by what was read already. */
    private static final class Bucket {
        private static final long FULL_NANOS = TimeUnit.SECONDS.toNanos(1);

        private final int bytesPerSecond;
        private final LongSupplier nanoTime;
        /** When it is neither filled nor overdrawn. */
        private long even;

        Bucket(int bytesPerSecond, LongSupplier nanoTime) {
            this.bytesPerSecond = bytesPerSecond;
            this.nanoTime = nanoTime;
            this.even = nanoTime.getAsLong() - FULL_NANOS;
        }

        synchronized long nanosAfter(long bytes) {
            if (bytesPerSecond == 0) {
                return 0;
            }
            var now = nanoTime.getAsLong();
            even += Math.max(0, now - FULL_NANOS - even);
            even += (long) ((double) bytes * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond);
            return Math.max(0, even - now);
        }
    }
}
