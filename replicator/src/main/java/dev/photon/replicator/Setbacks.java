package dev.photon.replicator;

import java.time.Duration;

/**
 * Failures of a flow, one after the other, between which it did not get on. The more there were, the longer it rests:
 * each new attempt reads the whole copy first. Confined to the flow's thread.
 */
final class Setbacks {
    private static final Duration FIRST = Duration.ofMillis(300);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private int count;

    void add() {
        count++;
    }

    /** It got on. */
    void clear() {
        count = 0;
    }

    /** How long to wait before the next attempt: nothing after one failure, then 300 ms, twice that, up to 10 s. */
    Duration rest() {
        if (count < 2) {
            return Duration.ZERO;
        }
        var doublings = Math.min(count - 2, 10);
        var rest = FIRST.multipliedBy(1L << doublings);
        return rest.compareTo(LONGEST) < 0 ? rest : LONGEST;
    }
}
