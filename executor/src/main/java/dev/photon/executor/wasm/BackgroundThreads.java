package dev.photon.executor.wasm;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for guests whose results nobody waits for by the second: beside {@link GuestThreads}, and at a
 * {@link BackgroundPriority} from their start, so that they compute when nothing else wants to. Thread-safe.
 */
public final class BackgroundThreads implements Executor, AutoCloseable {
    private static final int INTERRUPTED_GRACE_SECONDS = 5;

    private final ThreadPoolExecutor pool;

    /**
     * @param name how those of the threads begin
     * @param threads at least 1
     */
    public BackgroundThreads(String name, int threads) {
        var count = new AtomicInteger();
        pool = new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), loop -> {
            var thread =
                    new Thread(null, () -> lowered(loop), name + count.getAndIncrement(), GuestThreads.STACK_BYTES);
            thread.setDaemon(true);
            return thread;
        });
    }

    private static void lowered(Runnable loop) {
        BackgroundPriority.currentThread().ifPresent(BackgroundPriority::take);
        loop.run();
    }

    /**
     * Runs the task as soon as a thread is free, in the order of submission. The queue has no bound.
     *
     * @throws RejectedExecutionException after {@link #close}
     */
    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /** Drops what waits, interrupts what runs, and waits for it for a few seconds. */
    @Override
    public void close() {
        pool.shutdownNow();
        try {
            pool.awaitTermination(INTERRUPTED_GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
