package dev.photon.ingress;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Bounds what is in flight, over all and for each function, before anything is produced. Thread-safe, never waits. */
final class Admission {
    private final int limit;
    private final int limitPerFunction;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Map<String, AtomicInteger> perFunction = new ConcurrentHashMap<>();

    Admission(int limit, int limitPerFunction) {
        this.limit = limit;
        this.limitPerFunction = limitPerFunction;
    }

    /** The right to have one request in flight, given back exactly once however often it is closed. */
    final class Permit implements AutoCloseable {
        private final AtomicInteger function;
        private final AtomicBoolean open = new AtomicBoolean(true);

        private Permit(AtomicInteger function) {
            this.function = function;
        }

        @Override
        public void close() {
            if (open.compareAndSet(true, false)) {
                function.decrementAndGet();
                inFlight.decrementAndGet();
            }
        }
    }

    /** A permit, or empty when a limit is reached. */
    Optional<Permit> tryAdmit(String function) {
        if (inFlight.incrementAndGet() > limit) {
            inFlight.decrementAndGet();
            return Optional.empty();
        }
        var ofFunction = perFunction.computeIfAbsent(function, name -> new AtomicInteger());
        if (ofFunction.incrementAndGet() > limitPerFunction) {
            ofFunction.decrementAndGet();
            inFlight.decrementAndGet();
            return Optional.empty();
        }
        return Optional.of(new Permit(ofFunction));
    }

    int inFlight() {
        return inFlight.get();
    }
}
