package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;

/** Ends host functions that take long, as the compiled code's own checks end loops. */
final class Interruption {
    private Interruption() {}

    /**
     * @throws ChicoryInterruptedException when the thread's interrupt flag is set, which stays so
     */
    static void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new ChicoryInterruptedException("interrupted");
        }
    }
}
