package dev.photon.executor.wasm;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The clocks of WASI preview 1, in nanoseconds: the time of day, and one that only goes forward. Thread-safe. */
final class Clocks {
    static final int REALTIME = 0;
    private static final int MONOTONIC = 1;
    private static final int LAST = 3;
    private static final long ORIGIN = System.nanoTime();

    private Clocks() {}

    static boolean isOffered(int clock) {
        return clock == REALTIME || clock == MONOTONIC;
    }

    static long now(int clock) {
        if (clock == MONOTONIC) {
            return System.nanoTime() - ORIGIN;
        }
        var now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    static int resolution(LinearMemory memory, int clock, int result) {
        return answer(memory, clock, 1, result);
    }

    static int time(LinearMemory memory, int clock, int result) {
        return answer(memory, clock, now(clock), result);
    }

    /** A thread's or process's processor time would tell about other guests, so those two clocks are not offered. */
    private static int answer(LinearMemory memory, int clock, long value, int result) {
        if (!isOffered(clock)) {
            return clock < 0 || clock > LAST ? Errno.INVAL : Errno.NOTSUP;
        }
        memory.writeLong(result, value);
        return Errno.SUCCESS;
    }
}
