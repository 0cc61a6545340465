package dev.photon.executor.wasm;

import dev.photon.registry.GuestModule;
import dev.photon.registry.Manifest;

/**
 * What one run may take.
 *
 * @param runMillis milliseconds, at least 1; instantiation counts
 * @param memoryPages pages of 64 KiB that the linear memory may grow to, 1 to 32,767
 * @param answerBytes bytes of the answer, header included; at least 1
 * @param logBytes bytes of the log that are kept, at least 0
 * @param outboundCalls at least 0
 * @param tmpBytes bytes of files below {@code /tmp}, at least 0
 */
public record RunLimits(
        long runMillis, int memoryPages, int answerBytes, int logBytes, int outboundCalls, int tmpBytes) {
    /**
     * @throws IllegalArgumentException when a limit is out of its range
     */
    public RunLimits {
        atLeast(1, runMillis, "runMillis");
        atLeast(1, memoryPages, "memoryPages");
        atLeast(1, answerBytes, "answerBytes");
        atLeast(0, logBytes, "logBytes");
        atLeast(0, outboundCalls, "outboundCalls");
        atLeast(0, tmpBytes, "tmpBytes");
        if (memoryPages > GuestModule.MAX_PAGES) {
            throw new IllegalArgumentException(
                    "memoryPages is %d and must be 1 to %d".formatted(memoryPages, GuestModule.MAX_PAGES));
        }
    }

    /** The limits that a function was deployed with, for a run that ends within some time. */
    public static RunLimits of(Manifest.Limits limits, long runMillis) {
        return new RunLimits(
                runMillis,
                limits.memoryPages(),
                limits.answerBytes(),
                limits.logBytes(),
                limits.outboundCalls(),
                limits.tmpBytes());
    }

    /** The same with a smaller answer. */
    public RunLimits answeringAtMost(int bytes) {
        return new RunLimits(runMillis, memoryPages, Math.min(bytes, answerBytes), logBytes, outboundCalls, tmpBytes);
    }

    private static void atLeast(long least, long value, String name) {
        if (value < least) {
            throw new IllegalArgumentException("%s is %d and must be at least %d".formatted(name, value, least));
        }
    }
}
