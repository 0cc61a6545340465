package dev.photon.ingress.overflow;

import java.time.Duration;
import java.util.Optional;

/**
 * What is known of another region. Immutable; each piece of news makes another.
 *
 * <pre>
 *             answer to a probe, or to a call
 *   UNKNOWN ──────────────────────────────────► SERVING
 *      │                                         │   ▲
 *      │ failures in a row                       │   │ answer
 *      └───────────► UNREACHABLE ◄───────────────┘   │
 *                         └──────────────────────────┘
 *   any ── "not ready" to a probe ──► UNREADY ── answer to a probe ──► SERVING, or DRAINING when it says so
 * </pre>
 *
 * @param roundTrip of probes, in the mean, the later ones counting more; empty before the first
 * @param failures in a row
 */
record Standing(State state, Optional<Duration> roundTrip, int failures) {
    static final Standing UNKNOWN = new Standing(State.UNKNOWN, Optional.empty(), 0);

    /** So many in a row, and calls go there no more until a probe is answered. */
    static final int MOST_FAILURES = 3;

    private static final double WEIGHT_OF_LAST = 0.3;

    enum State {
        UNKNOWN,
        SERVING,
        /** It answers, and wants what no other region can answer and nothing else. */
        DRAINING,
        /** It answers, but takes no calls: it is starting or stopping, or its log is away. */
        UNREADY,
        UNREACHABLE
    }

    /** Whether calls may go there. */
    boolean isOpen() {
        return state != State.UNREADY && state != State.UNREACHABLE;
    }

    /** A probe was answered. */
    Standing measured(Duration time) {
        return measured(time, State.SERVING);
    }

    /** A probe was answered: calls had better go elsewhere. */
    Standing draining(Duration time) {
        return measured(time, State.DRAINING);
    }

    private Standing measured(Duration time, State now) {
        var mean = roundTrip
                .map(before -> before.plusNanos(
                        (long) (WEIGHT_OF_LAST * time.minus(before).toNanos())))
                .orElse(time);
        return new Standing(now, Optional.of(mean), 0);
    }

    /** A call was answered: that is no measure, for the function took its time. What a probe was told still holds. */
    Standing answered() {
        var told = state == State.UNREADY || state == State.DRAINING;
        return failures == 0 ? this : new Standing(told ? state : State.SERVING, roundTrip, 0);
    }

    /** A probe was answered with no. */
    Standing unready() {
        return new Standing(State.UNREADY, roundTrip, 0);
    }

    /** No connection, or it broke off before there was an answer. */
    Standing failed() {
        var count = Math.min(failures + 1, MOST_FAILURES);
        return new Standing(count == MOST_FAILURES ? State.UNREACHABLE : state, roundTrip, count);
    }
}
