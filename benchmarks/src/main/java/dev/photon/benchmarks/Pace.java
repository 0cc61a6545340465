package dev.photon.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How long a scenario runs. It is warmed up once, at the highest level of load, and then settles shortly at each level
 * before that is measured; all scenarios alike.
 *
 * @param warmUp seconds
 * @param measured seconds at each level
 */
record Pace(int warmUp, int measured) {
    /** How much is in flight at once. */
    static final List<Integer> LEVELS = List.of(1, 64, 256);

    static final int WARM_UP_LEVEL = 256;

    /** Seconds at a level before it is measured. */
    static final int SETTLE = 2;

    static Pace fromEnvironment() {
        return new Pace(seconds("PHOTON_BENCH_WARMUP_SECONDS", 45), seconds("PHOTON_BENCH_SECONDS", 8));
    }

    private static int seconds(String key, int fallback) {
        var value = System.getenv(key);
        return value == null || value.isEmpty() ? fallback : Math.max(1, Integer.parseInt(value));
    }

    List<String> arguments() {
        return List.of(Integer.toString(warmUp), Integer.toString(measured));
    }

    /** Reads {@link #arguments}, the first two that a process of this package is given. */
    static Pace of(String[] arguments) {
        return new Pace(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    }

    static long nanos(int seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }
}
