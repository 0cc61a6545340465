package dev.photon.ingress;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Whether the log of invocations takes them, by what became of those that were sent. Thread-safe.
 *
 * <pre>
 *               nothing acknowledged for 1 s, or since one that was given up was sent
 *   taking ─────────────────────────────────────────────────────────────────────────► stuck: one may try, now and then
 *      ▲                          one is acknowledged                                   │
 *      └────────────────────────────────────────────────────────────────────────────────┘
 * </pre>
 */
final class LogStanding {
    /** For callers. */
    static final String AWAY = "the event log does not take requests now";

    static final Duration PATIENCE = Duration.ofSeconds(1);

    /** How often one may try when it would be refused otherwise: that it fails costs its caller only time. */
    static final Duration TRY_OR_REFUSE = Duration.ofSeconds(1);

    /** How often one may try that another region would answer. */
    static final Duration TRY_OR_FORWARD = Duration.ofSeconds(10);

    private final LongSupplier nanos;
    private final AtomicLong unacknowledged = new AtomicLong();
    private final AtomicLong lastTry;
    private volatile long lastAcknowledged;
    /** When the last acknowledgement came, or the first send of those that are not acknowledged. */
    private volatile long lastProgress;
    /** Since a send was given up, until something is acknowledged. */
    private volatile boolean away;

    /**
     * @param nanos the time, on {@link System#nanoTime}'s clock
     */
    LogStanding(LongSupplier nanos) {
        this.nanos = nanos;
        var now = nanos.getAsLong();
        lastAcknowledged = now;
        lastProgress = now;
        lastTry = new AtomicLong(now - TRY_OR_FORWARD.toNanos());
    }

    /**
     * One is sent. Called by one thread only.
     *
     * @return when
     */
    long sent() {
        var now = nanos.getAsLong();
        if (unacknowledged.get() == 0) {
            // Before the count rises: nobody sees a count with the time of long ago.
            lastProgress = now;
        }
        unacknowledged.incrementAndGet();
        return now;
    }

    void acknowledged() {
        var now = nanos.getAsLong();
        lastAcknowledged = now;
        lastProgress = now;
        away = false;
        unacknowledged.decrementAndGet();
    }

    /**
     * One failed.
     *
     * @param sent when it was sent
     * @param givenUp whether it might have been taken later
     * @return whether the log is away now: others that were sent after it were not taken either
     */
    boolean failed(long sent, boolean givenUp) {
        if (givenUp && lastAcknowledged - sent <= 0) {
            away = true;
        }
        unacknowledged.decrementAndGet();
        return away;
    }

    /** A broker took something else, so that it is worth to try. */
    void reached() {
        away = false;
    }

    boolean isAway() {
        return away;
    }

    boolean isStuck() {
        return away || (unacknowledged.get() > 0 && nanos.getAsLong() - lastProgress > PATIENCE.toNanos());
    }

    /**
     * Whether a call may be sent now: while the log is stuck, only one may, to find out whether it still is.
     *
     * @param period since the last that was let try
     */
    boolean admits(Duration period) {
        if (!isStuck()) {
            return true;
        }
        var now = nanos.getAsLong();
        var before = lastTry.get();
        return now - before >= period.toNanos() && lastTry.compareAndSet(before, now);
    }
}
