package dev.photon.executor;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Work that several threads may be told to do, and the first of them does. Thread-safe. */
final class Once<T> implements Runnable {
    private final Callable<T> work;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<T> result = new CompletableFuture<>();

    Once(Callable<T> work) {
        this.work = work;
    }

    @Override
    public void run() {
        if (begun.compareAndSet(false, true)) {
            try {
                result.complete(work.call());
            } catch (Exception | Error e) {
                // Also what a compiler runs out of: whoever waits must hear of it.
                result.completeExceptionally(e);
            }
        }
    }

    CompletableFuture<T> result() {
        return result;
    }
}
