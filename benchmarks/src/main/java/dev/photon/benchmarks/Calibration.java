package dev.photon.benchmarks;

import java.util.List;
import java.util.concurrent.ExecutionException;

/** A fixed loop of arithmetic: what this machine's processor gives now, by which to read the other times. */
public final class Calibration {
    private static final int STEPS = 1_000_000;

    private Calibration() {}

    public static void main(String[] arguments) throws InterruptedException, ExecutionException {
        new Loop(Calibration::million).run(Pace.of(arguments), List.of(1, 2));
    }

    /** A million steps of xorshift64 (Marsaglia 2003); each needs the one before. */
    private static long million() {
        long x = 88172645463325252L;
        for (int i = 0; i < STEPS; i++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
        }
        return x;
    }
}
