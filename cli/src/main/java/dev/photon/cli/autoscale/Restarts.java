package dev.photon.cli.autoscale;

import java.time.Duration;

/** How long to wait before the next start: not at all, unless several in a row ended soon. Confined to its thread. */
final class Restarts {
    /** One that has served less than this would probably end again. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private static final long LONGEST_PAUSE_MILLIS = 30_000;

    private int failures;

    /**
     * @param served how long one had served that has ended though nobody asked; zero for one that never did
     */
    long pauseMillisAfter(Duration served) {
        if (served.compareTo(SOON) > 0) {
            failures = 0;
            return 0;
        }
        var pause = failures == 0 ? 0 : Math.min(LONGEST_PAUSE_MILLIS, 500L << Math.min(failures, 10));
        failures++;
        return pause;
    }
}
