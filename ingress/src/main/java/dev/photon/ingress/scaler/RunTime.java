package dev.photon.ingress.scaler;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a run takes in the mean, by what executors say in their replies: without the time a call has waited. What is
 * half a minute older counts half as much. Thread-safe.
 */
final class RunTime {
    private static final double HALF_LIFE_NANOS = 30e9;
    private static final long STEP_NANOS = 1_000_000_000L;

    /** So much is kept of what was seen last, however long ago that was. */
    private static final double LEAST_WEIGHT = 0.001;

    private double weight;
    private double micros;
    private long agedAt = System.nanoTime();

    /**
     * @param runMicros zero when nothing has run, or when that was not known yet; such replies do not count
     * @param nowNanos on {@link System#nanoTime}'s clock
     */
    synchronized void ran(long runMicros, long nowNanos) {
        if (runMicros > 0) {
            if (nowNanos - agedAt >= STEP_NANOS) {
                age(nowNanos);
            }
            weight++;
            micros += runMicros;
        }
    }

    private void age(long nowNanos) {
        var wanted = Math.pow(0.5, (nowNanos - agedAt) / HALF_LIFE_NANOS);
        var factor = Math.min(1, Math.max(wanted, LEAST_WEIGHT / weight));
        agedAt = nowNanos;
        weight *= factor;
        micros *= factor;
    }

    /** Empty before the first reply. */
    synchronized Optional<Duration> mean() {
        return weight > 0 ? Optional.of(Duration.ofNanos((long) (micros / weight * 1_000))) : Optional.empty();
    }
}
