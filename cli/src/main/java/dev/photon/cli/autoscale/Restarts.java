package dev.photon.cli.autoscale;

import java.time.Duration;

/** How long to wait before the next start: not at all, unless several in a row ended soon. Confined to its thread. */
final class Restarts {
    /** One that ends sooner than this would probably do so again. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private static final long LONGEST_PAUSE_MILLIS = 30_000;

    private int failures;

    /**
     * @param age of one that has ended though nobody asked, or zero for one that could not be started
     */
    long pauseMillisAfter(Duration age) {
        if (age.compareTo(SOON) > 0) {
            failures = 0;
            return 0;
        }
        var pause = failures == 0 ? 0 : Math.min(LONGEST_PAUSE_MILLIS, 500L << Math.min(failures, 10));
        failures++;
        return pause;
    }
}
