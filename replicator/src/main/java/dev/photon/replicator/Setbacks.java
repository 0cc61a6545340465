package dev.photon.replicator;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Failures of a flow, one after the other, between which it did not get on. The more there were, the longer it rests:
 * each new attempt reads the whole copy first. What fails again and again for the same reason will not get better by
 * itself, such as a record that our brokers refuse. Confined to the flow's thread.
 */
final class Setbacks {
    private static final Duration FIRST = Duration.ofMillis(300);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int SAME = 3;

    private int count;
    private Class<?> kind = Void.class;
    private int ofKind;

    /** Returns the reason at the third failure for the same one, unless waiting helps: so that it is told once. */
    Optional<String> add(Throwable failure) {
        var root = root(failure);
        count++;
        ofKind = root.getClass().equals(kind) ? ofKind + 1 : 1;
        kind = root.getClass();
        return ofKind == SAME && !(root instanceof RetriableException)
                ? Optional.of(root.toString())
                : Optional.empty();
    }

    private static Throwable root(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** It got on. */
    void clear() {
        count = 0;
        kind = Void.class;
        ofKind = 0;
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
