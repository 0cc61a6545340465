package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.Memory;

/**
 * What one run may take.
 *
 * @param runMillis milliseconds, at least 1; instantiation counts
 * @param maxMemoryPages pages of 64 KiB that the linear memory may grow to, 1 to 32,767
 * @param maxAnswerBytes bytes that the guest may write to its standard output, header included; at least 1
 */
public record RunLimits(long runMillis, int maxMemoryPages, int maxAnswerBytes) {
    /**
     * @throws IllegalArgumentException when a limit is out of its range
     */
    public RunLimits {
        if (runMillis < 1) {
            throw new IllegalArgumentException("runMillis is " + runMillis + " and must be at least 1");
        }
        if (maxMemoryPages < 1 || maxMemoryPages > Memory.RUNTIME_MAX_PAGES) {
            throw new IllegalArgumentException(
                    "maxMemoryPages is %d and must be 1 to %d".formatted(maxMemoryPages, Memory.RUNTIME_MAX_PAGES));
        }
        if (maxAnswerBytes < 1) {
            throw new IllegalArgumentException("maxAnswerBytes is " + maxAnswerBytes + " and must be at least 1");
        }
    }
}
