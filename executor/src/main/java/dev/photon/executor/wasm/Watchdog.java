package dev.photon.executor.wasm;

import dev.photon.protocol.Liveness;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Interrupts the threads whose run takes longer than its limit. One daemon thread looks at all live runs every 5 ms,
 * so that registering one costs next to nothing: a run usually ends long before its first look. Thread-safe.
 *
 * <pre>
 *   RUNNING ──end()────────────────────────────► ENDED
 *      ├──look, time is up──► STOPPING ──interrupted──► EXPIRED
 *      └──cancel────────────► STOPPING ──interrupted──► CANCELLED
 * </pre>
 *
 * Only who wins the exchange out of RUNNING may act. An interrupt is thus never sent to a thread that has gone on to
 * something else, and {@link Watch#end} takes back the one that was sent.
 */
public final class Watchdog implements AutoCloseable {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Set<Watch> live = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean closed;

    public Watchdog() {
        thread = Thread.ofPlatform().daemon().name("photon-watchdog").start(Liveness.needed(this::look));
    }

    /**
     * Watches the calling thread from now on.
     *
     * @param millis how long it may run, at least 1; it is interrupted within 5 ms (and what the scheduler adds) after
     * @param heed runs on the watchdog's thread, perhaps more than once, when the thread is seen to be interrupted, by
     *     whomever; short
     * @throws IllegalStateException after {@link #close}: nothing may run unwatched
     */
    public Watch start(long millis, Runnable heed) {
        return start("", millis, heed);
    }

    /**
     * The same for a run that can be cancelled.
     *
     * @param id of its invocation
     */
    public Watch start(String id, long millis, Runnable heed) {
        var nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        var watch = new Watch(id, Thread.currentThread(), System.nanoTime(), nanos, heed);
        live.add(watch);
        if (closed) {
            live.remove(watch);
            throw new IllegalStateException("the watchdog is closed");
        }
        return watch;
    }

    /** Interrupts the run of an invocation, if there is one, as if its time were up. */
    public void cancel(String id) {
        for (var watch : live) {
            if (watch.id.equals(id)) {
                watch.stop(State.CANCELLED);
            }
        }
    }

    private void look() {
        while (!closed) {
            var now = System.nanoTime();
            for (var watch : live) {
                watch.look(now);
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    /** Ends the thread. Runs that are still watched have no limit from here on, so end them first. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private enum State {
        RUNNING,
        ENDED,
        STOPPING,
        EXPIRED,
        CANCELLED
    }

    /** One run under watch. {@link #end} is called once, by the thread that started it. */
    public final class Watch {
        private final String id;
        private final Thread runner;
        private final long started;
        private final long limit;
        private final Runnable heed;
        private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);

        private Watch(String id, Thread runner, long started, long limit, Runnable heed) {
            this.id = id;
            this.runner = runner;
            this.started = started;
            this.limit = limit;
            this.heed = heed;
        }

        private void look(long now) {
            if (now - started >= limit) {
                stop(State.EXPIRED);
            }
            if (runner.isInterrupted()) {
                heed.run();
            }
        }

        private void stop(State why) {
            if (state.compareAndSet(State.RUNNING, State.STOPPING)) {
                runner.interrupt();
                state.set(why);
            }
        }

        /** Ends the watch. If it had stopped the run, the thread's interrupt flag is cleared; otherwise the flag is untouched. */
        public void end() {
            live.remove(this);
            if (state.compareAndSet(State.RUNNING, State.ENDED)) {
                return;
            }
            while (state.get() == State.STOPPING) {
                Thread.onSpinWait();
            }
            if (expired() || cancelled()) {
                Thread.interrupted();
            }
        }

        /** Whether the run was cancelled while it was going on. Final once the watch has ended. */
        public boolean cancelled() {
            return state.get() == State.CANCELLED;
        }

        /** Whether the limit was reached while the run was going on. Final once the watch has ended. */
        public boolean expired() {
            return state.get() == State.EXPIRED;
        }
    }
}
