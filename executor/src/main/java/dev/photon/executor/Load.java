package dev.photon.executor;

import dev.photon.registry.Manifest;
import java.util.concurrent.atomic.LongAdder;

/**
 * How much the runs that go on are, in consumers: each is one part of the {@code target_concurrency} of its function.
 * Runs that wait for their turn do not count, as more consumers would not make it come earlier. Thread-safe.
 */
final class Load {
    private static final long WHOLE = 1_000_000;

    private final LongAdder millionths = new LongAdder();

    void began(Manifest manifest) {
        millionths.add(share(manifest));
    }

    void ended(Manifest manifest) {
        millionths.add(-share(manifest));
    }

    private static long share(Manifest manifest) {
        return WHOLE / manifest.scaling().targetConcurrency();
    }

    /** Consumers that are enough for what runs now, 0 or more; 8 runs with a target of 8 are one. */
    double now() {
        return Math.max(0, millionths.sum()) / (double) WHOLE;
    }
}
