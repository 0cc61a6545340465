package dev.photon.executor;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A pause after a failure, twice as long after each. Confined to its thread. */
final class Rest {
    private static final long BRIEF_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(8);

    private final LongSupplier nanos;
    private long next = FIRST_NANOS;
    private long until;

    /** @param nanos a monotonic clock */
    Rest(LongSupplier nanos) {
        this.nanos = nanos;
        this.until = nanos.getAsLong();
    }

    boolean isOver() {
        return nanos.getAsLong() - until >= 0;
    }

    void failed() {
        until = nanos.getAsLong() + next;
        next = Math.min(MOST_NANOS, 2 * next);
    }

    /** Of what ends by itself. */
    void briefly() {
        until = nanos.getAsLong() + BRIEF_NANOS;
    }

    void succeeded() {
        next = FIRST_NANOS;
    }
}
