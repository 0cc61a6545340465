package dev.photon.executor.wasm;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The platform threads that guests run on. There are as many as cores, and one more for each task that has been going
 * on for 20 ms or longer while others wait, so that functions which loop or sleep do not stop the rest. Short tasks,
 * however many, never make it grow. Threads beyond the cores leave after 10 s without work. Thread-safe.
 */
public final class GuestThreads implements Executor, AutoCloseable {
    /** 2,000 nested calls took 0.5 to 4 MiB, compiled or interpreted; only what is touched is committed. */
    static final long STACK_BYTES = 8L << 20;

    private static final long HELD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final Duration INTERRUPTED_GRACE = Duration.ofSeconds(5);

    private final int cores;
    private final int max;
    private final Duration grace;
    private final Set<Worker> workers = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor pool;
    private final Thread ticker;

    /**
     * @param cores threads for short tasks, at least 1
     * @param max threads altogether, at least {@code cores}
     * @param grace how long {@link #close} lets tasks finish by themselves
     * @throws IllegalArgumentException when a number is out of its range
     */
    public GuestThreads(int cores, int max, Duration grace) {
        this.cores = cores;
        this.max = max;
        this.grace = grace;
        pool = new ThreadPoolExecutor(cores, max, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Worker::new);
        ticker = Thread.ofPlatform().daemon().name("photon-guest-ticker").start(this::adjust);
    }

    /**
     * Runs the task as soon as a thread is free, in the order of submission. The queue has no bound.
     *
     * @throws RejectedExecutionException after {@link #close}
     */
    @Override
    public void execute(Runnable task) {
        pool.execute(() -> ((Worker) Thread.currentThread()).hold(task));
    }

    /** How many tasks wait for a thread. */
    public int waiting() {
        return pool.getQueue().size();
    }

    /** How many threads there are, idle ones included. */
    public int size() {
        return pool.getPoolSize();
    }

    /** The ticker's loop. Lowering the pool's core size ends no thread that works; it lets idle ones time out. */
    private void adjust() {
        while (!pool.isShutdown()) {
            var now = System.nanoTime();
            var held = workers.stream().filter(worker -> worker.isHeldAt(now)).count();
            var wanted = (int) Math.min(max, cores + held);
            var current = pool.getCorePoolSize();
            if (wanted < current || (wanted > current && waiting() > 0)) {
                pool.setCorePoolSize(wanted);
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    /**
     * Accepts no more tasks, lets those it has finish for the grace period, then drops what waits and interrupts what
     * runs. A guest obeys an interrupt within microseconds; a task that does not is given up after 5 s.
     */
    @Override
    public void close() {
        pool.shutdown();
        LockSupport.unpark(ticker);
        if (!hasEnded(grace)) {
            pool.shutdownNow();
            hasEnded(INTERRUPTED_GRACE);
        }
    }

    private boolean hasEnded(Duration within) {
        try {
            return pool.awaitTermination(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private final class Worker extends Thread {
        private static final long IDLE = Long.MIN_VALUE;

        private volatile long since = IDLE;

        Worker(Runnable loop) {
            super(null, loop, "photon-guest", STACK_BYTES);
            setDaemon(true);
        }

        @Override
        public void run() {
            workers.add(this);
            try {
                super.run();
            } finally {
                workers.remove(this);
            }
        }

        void hold(Runnable task) {
            since = System.nanoTime();
            try {
                task.run();
            } finally {
                since = IDLE;
            }
        }

        boolean isHeldAt(long now) {
            var started = since;
            return started != IDLE && now - started >= HELD_NANOS;
        }
    }
}
