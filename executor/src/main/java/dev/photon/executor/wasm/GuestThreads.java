package dev.photon.executor.wasm;

import dev.photon.protocol.Liveness;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The platform threads that guests run on. There are as many as cores, and one more for each task that waits for
 * something, or has been going on for 20 ms or longer, while others are queued, so that functions which loop or sleep do
 * not stop the rest. Short tasks that compute, however many, never make it grow. Threads beyond the cores leave after 10 s without work. Thread-safe.
 *
 * <p>Functions cannot take the threads, or the processors, from each other: {@link Shares} bounds how many threads one
 * holds, and a thread that has computed for 20 ms goes on at a {@link BackgroundPriority}. As that cannot be taken back,
 * the thread leaves after its task, and another one takes its place.
 */
public final class GuestThreads implements Executor, AutoCloseable {
    /** 2,000 nested calls took 0.5 to 4 MiB, compiled or interpreted; only what is touched is committed. */
    static final long STACK_BYTES = 8L << 20;

    private static final long HELD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final Duration INTERRUPTED_GRACE = Duration.ofSeconds(5);

    private static final ThreadMXBean TIMES = ManagementFactory.getThreadMXBean();

    private final int cores;
    private final int max;
    private final Duration grace;
    private final Shares shares;
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
        shares = new Shares(max);
        pool = new ThreadPoolExecutor(cores, max, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::worker);
        ticker = Thread.ofPlatform().daemon().name("photon-guest-ticker").start(Liveness.needed(this::adjust));
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

    /**
     * Runs a function's task on the calling thread, which is one of these, or, when the function holds its share of
     * them, on the thread that one of its tasks gives back. What waits so is dropped by {@link #close}.
     */
    public void run(String function, Runnable task) {
        shares.acquire(function, () -> runHeld(function, task)).ifPresent(Runnable::run);
    }

    private void runHeld(String function, Runnable task) {
        try {
            task.run();
        } finally {
            shares.release(function).forEach(this::resume);
        }
    }

    private void resume(Runnable task) {
        try {
            execute(task);
        } catch (RejectedExecutionException e) {
            // Closing: its place in the log is still before what is committed.
        }
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
        while (!pool.isTerminated()) {
            var now = System.nanoTime();
            int held = 0;
            for (var worker : workers) {
                if (worker.isHeldAt(now)) {
                    worker.lowerIfItComputes();
                    held++;
                }
            }
            var wanted = Math.min(max, cores + held);
            var current = pool.getCorePoolSize();
            if (wanted < current || (wanted > current && waiting() > 0)) {
                pool.setCorePoolSize(wanted);
            }
            pool.prestartAllCoreThreads();
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

    /** A thread starts with the priority of the one that starts it, so none of these starts one: the ticker does. */
    private Thread worker(Runnable loop) {
        return Thread.currentThread() instanceof Worker ? null : new Worker(loop);
    }

    /** How a thread with a lowered priority leaves the pool, which takes it for a task's failure. */
    private static final class Lowered extends RuntimeException {
        private static final long serialVersionUID = 1;

        Lowered() {
            super(null, null, false, false);
        }
    }

    private final class Worker extends Thread {
        private static final long IDLE = Long.MIN_VALUE;

        private volatile Optional<Integer> id = Optional.empty();
        private volatile long since = IDLE;
        private volatile boolean lowered;

        /** The task last seen held, by its start, and the thread's processor time by then. The ticker's. */
        private long seen = IDLE;

        private long seenNanos;

        Worker(Runnable loop) {
            super(null, loop, "photon-guest", STACK_BYTES);
            setDaemon(true);
        }

        @Override
        public void run() {
            id = BackgroundPriority.currentThread();
            workers.add(this);
            try {
                super.run();
            } catch (Lowered e) {
                LockSupport.unpark(ticker);
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
            if (lowered) {
                throw new Lowered();
            }
        }

        boolean isHeldAt(long now) {
            var started = since;
            return started != IDLE && (now - started >= HELD_NANOS || waits());
        }

        private boolean waits() {
            return switch (getState()) {
                case WAITING, TIMED_WAITING -> true;
                case NEW, RUNNABLE, BLOCKED, TERMINATED -> false;
            };
        }

        /** Of a task that waits, for an answer or a time, the processor time stands still. */
        void lowerIfItComputes() {
            var task = since;
            var nanos = TIMES.getThreadCpuTime(threadId());
            if (task != seen) {
                seen = task;
                seenNanos = nanos;
            } else if (!lowered && nanos - seenNanos >= HELD_NANOS) {
                lowered = id.isPresent() && BackgroundPriority.take(id.get());
            }
        }
    }
}
