package dev.photon.executor.replay;

import io.vertx.core.json.JsonObject;

/** How long runs took, in microseconds, to a thirty-second. Not thread-safe. */
final class Durations {
    /** Within each power of two. */
    private static final int STEPS = 32;

    private static final int POWERS = 40;

    private final long[] counts = new long[STEPS * POWERS];
    private long count;
    private long sum;
    private long longest;

    void add(long micros) {
        counts[bucket(micros)]++;
        count++;
        sum += micros;
        longest = Math.max(longest, micros);
    }

    private static int bucket(long micros) {
        if (micros < STEPS) {
            return (int) Math.max(0, micros);
        }
        var shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros) - Integer.numberOfTrailingZeros(STEPS);
        return Math.min(STEPS * POWERS - 1, shift * STEPS + (int) (micros >>> shift));
    }

    /** The longest that falls into it. */
    private static long most(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        var shift = bucket / STEPS - 1;
        return ((STEPS + bucket % STEPS + 1L) << shift) - 1;
    }

    /** So many in a hundred took no longer; 0 when there was none. */
    long percentile(double hundredth) {
        var wanted = (long) Math.ceil(count * hundredth / 100);
        var seen = 0L;
        for (int bucket = 0; bucket < counts.length; bucket++) {
            seen += counts[bucket];
            if (seen >= wanted && seen > 0) {
                return Math.min(longest, most(bucket));
            }
        }
        return 0;
    }

    JsonObject json() {
        return new JsonObject()
                .put("mean", count == 0 ? 0 : sum / count)
                .put("p50", percentile(50))
                .put("p95", percentile(95))
                .put("p99", percentile(99))
                .put("max", longest);
    }
}
