package dev.photon.executor;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: twice as long each time, up to a minute or, where the first wait is longer,
 * as long as that; and between a half and all of it by chance, so that what failed together is not tried together.
 *
 * @param firstMillis at least 1
 */
record Backoff(int firstMillis) {
    private static final long MOST_MILLIS = 60_000;
    private static final int MOST_DOUBLINGS = 30;

    /**
     * @param failures so far, at least 1
     * @return milliseconds, at least 1
     */
    long millis(int failures, RandomGenerator random) {
        var whole = Math.min(
                Math.max(MOST_MILLIS, firstMillis), (long) firstMillis << Math.min(MOST_DOUBLINGS, failures - 1));
        return whole - random.nextLong(whole / 2 + 1);
    }
}
