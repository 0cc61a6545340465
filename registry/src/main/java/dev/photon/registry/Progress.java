package dev.photon.registry;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;

/** How far one log was read. One thread moves it on; any may ask and wait. */
final class Progress {
    private final ConcurrentSkipListMap<Long, CompletableFuture<Void>> waiting = new ConcurrentSkipListMap<>();
    private volatile long position;
    private volatile long bound;

    /** From now on, what is read up to there may be seen. */
    void begin(long next) {
        bound = next;
    }

    /** What is before it was read. */
    void reached(long next) {
        position = next;
        var reached = waiting.headMap(next, true);
        reached.values().forEach(waiter -> waiter.complete(null));
        reached.clear();
    }

    /** The next offset to be read. */
    long position() {
        return position;
    }

    /** Up to where what is found may be: beyond the position while a batch is being read. */
    long bound() {
        return bound;
    }

    /** Completes when all before that offset was read. */
    CompletableFuture<Void> await(long wanted) {
        if (position >= wanted) {
            return CompletableFuture.completedFuture(null);
        }
        var waiter = waiting.computeIfAbsent(wanted, at -> new CompletableFuture<>());
        if (position >= wanted) {
            // The reader may have passed between the check and the registration.
            waiter.complete(null);
        }
        return waiter.copy();
    }
}
