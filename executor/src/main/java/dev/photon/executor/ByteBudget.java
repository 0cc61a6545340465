package dev.photon.executor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Memory of which shares are given in the order of asking; who has to wait holds no thread meanwhile. Thread-safe.
 */
final class ByteBudget {
    private final long total;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long left;

    ByteBudget(long total) {
        this.total = total;
        this.left = total;
    }

    /** Some of it. Closing gives it back. */
    final class Share implements AutoCloseable {
        private final long bytes;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Share(long bytes) {
            this.bytes = bytes;
        }

        /** Does nothing when it is closed already. */
        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                giveBack(bytes);
                advance();
            }
        }
    }

    private record Waiting(long bytes, CompletableFuture<Share> share) {}

    long total() {
        return total;
    }

    /**
     * Asks for a share.
     *
     * @param bytes at most the total
     * @return the share, to be closed. Who gives up waiting completes it with an exception
     */
    CompletableFuture<Share> take(long bytes) {
        var asked = new Waiting(bytes, new CompletableFuture<>());
        synchronized (this) {
            waiting.add(asked);
        }
        asked.share.whenComplete((share, givenUp) -> {
            if (givenUp != null) {
                forget(asked);
            }
        });
        advance();
        return asked.share;
    }

    /** Shares are given outside of the lock: what follows one is not our code. */
    private void advance() {
        for (var next = next(); next.isPresent(); next = next()) {
            var asked = next.get();
            if (!asked.share.complete(new Share(asked.bytes))) {
                giveBack(asked.bytes);
            }
        }
    }

    private synchronized Optional<Waiting> next() {
        if (waiting.isEmpty() || waiting.peek().bytes > left) {
            return Optional.empty();
        }
        left -= waiting.peek().bytes;
        return Optional.of(waiting.poll());
    }

    private synchronized void giveBack(long bytes) {
        left += bytes;
    }

    private void forget(Waiting gone) {
        synchronized (this) {
            waiting.remove(gone);
        }
        advance();
    }
}
