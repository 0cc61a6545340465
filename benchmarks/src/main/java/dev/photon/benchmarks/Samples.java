package dev.photon.benchmarks;

import java.util.Arrays;

/** Durations in nanoseconds, all of them kept: exact percentiles, 8 bytes each. Confined to its thread. */
final class Samples {
    private long[] nanos = new long[1 << 16];
    private int size;

    void add(long duration) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * size);
        }
        nanos[size++] = duration;
    }

    void addAll(Samples others) {
        for (int i = 0; i < others.size; i++) {
            add(others.nanos[i]);
        }
    }

    /** Sorts what is there; percentiles are by nearest rank. */
    Level level(int connections, long elapsedNanos) {
        Arrays.sort(nanos, 0, size);
        return new Level(connections, size * 1e9 / elapsedNanos, micros(0.50), micros(0.99), 0);
    }

    private double micros(double quantile) {
        return size == 0 ? 0 : nanos[Math.max(0, (int) Math.ceil(quantile * size) - 1)] / 1e3;
    }
}
