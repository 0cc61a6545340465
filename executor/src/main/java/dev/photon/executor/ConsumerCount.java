package dev.photon.executor;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many consumers are right for a load that comes and goes. More are wanted when it has lasted for a second, fewer
 * when it has not been reached for half a minute: a burst neither brings one nor takes one away. Confined to its thread.
 */
final class ConsumerCount {
    /** Between two looks at the load, in milliseconds. */
    static final long LOOK_MILLIS = 250;

    private static final int LASTING = 4;
    private static final int NOT_REACHED = 120;

    private final ExecutorConfig.Consumers range;
    private final Deque<Double> seen = new ArrayDeque<>();

    ConsumerCount(ExecutorConfig.Consumers range) {
        this.range = range;
    }

    /**
     * @param load as {@link Load} counts it
     * @param now how many there are
     * @return how many there should be
     */
    int wanted(double load, int now) {
        seen.addLast(load);
        if (seen.size() > NOT_REACHED) {
            seen.removeFirst();
        }
        var lasting = seen.stream()
                .skip(Math.max(0, seen.size() - LASTING))
                .mapToDouble(Double::doubleValue)
                .min()
                .orElse(0);
        var peak = seen.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        if (seen.size() >= LASTING && bounded(lasting) > now) {
            return bounded(lasting);
        }
        return seen.size() == NOT_REACHED ? Math.min(now, bounded(peak)) : now;
    }

    private int bounded(double load) {
        return (int) Math.clamp(Math.ceil(load), range.least(), range.most());
    }
}
