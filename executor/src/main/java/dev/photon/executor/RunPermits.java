package dev.photon.executor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How many runs of one function go on at the same time. Those that have to wait get their permit in the order of their
 * coming, and hold no thread meanwhile. Thread-safe.
 */
final class RunPermits {
    private final int most;
    private final Map<String, Line> lines = new ConcurrentHashMap<>();

    /**
     * @param most of any function, whatever it was deployed with
     */
    RunPermits(int most) {
        this.most = most;
    }

    /**
     * Gets in line.
     *
     * @param wanted how many runs of the function there may be, this one included; at least 1
     * @return the permit, to be closed. Who gives up waiting completes it with an exception
     */
    CompletableFuture<Permit> enter(String function, int wanted) {
        return lines.computeIfAbsent(function, absent -> new Line()).enter(Math.min(most, wanted));
    }

    /** The right to run. Closing it lets the next one in. */
    static final class Permit implements AutoCloseable {
        private final Line line;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Permit(Line line) {
            this.line = line;
        }

        /** Does nothing when it is closed already. */
        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                line.left();
            }
        }
    }

    private record Waiting(int limit, CompletableFuture<Permit> permit) {}

    /** Of one function. */
    private static final class Line {
        private final Deque<Waiting> waiting = new ArrayDeque<>();
        private int running;

        CompletableFuture<Permit> enter(int limit) {
            var entered = new Waiting(limit, new CompletableFuture<>());
            synchronized (this) {
                waiting.add(entered);
            }
            advance();
            if (!entered.permit.isDone()) {
                entered.permit.whenComplete((permit, givenUp) -> {
                    if (givenUp != null) {
                        forget(entered);
                    }
                });
            }
            return entered.permit;
        }

        /** Permits are given outside of the lock: what follows one is not our code. */
        private void advance() {
            for (var next = next(); next.isPresent(); next = next()) {
                if (!next.get().permit.complete(new Permit(this))) {
                    noLongerRuns();
                }
            }
        }

        private synchronized Optional<Waiting> next() {
            if (waiting.isEmpty() || running >= waiting.peek().limit) {
                return Optional.empty();
            }
            running++;
            return Optional.of(waiting.poll());
        }

        private synchronized void noLongerRuns() {
            running--;
        }

        /** Those behind it may have a higher limit: versions of a function differ. */
        private void forget(Waiting gone) {
            synchronized (this) {
                waiting.remove(gone);
            }
            advance();
        }

        void left() {
            noLongerRuns();
            advance();
        }
    }
}
