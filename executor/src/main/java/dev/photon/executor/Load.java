package dev.photon.executor;

import dev.photon.registry.Manifest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How much the calls that run are, in consumers: each is one part of the {@code target_concurrency} of its function. Calls
 * that wait for their turn do not count, as more consumers would not make it come earlier. Thread-safe.
 */
final class Load {
    private static final long WHOLE = 1_000_000;

    private final Map<String, LongAdder> pools = new ConcurrentHashMap<>();

    void began(Manifest manifest) {
        pool(manifest.scaling().pool()).add(share(manifest));
    }

    void ended(Manifest manifest) {
        pool(manifest.scaling().pool()).add(-share(manifest));
    }

    private LongAdder pool(String name) {
        return pools.computeIfAbsent(name, absent -> new LongAdder());
    }

    private static long share(Manifest manifest) {
        return WHOLE / manifest.scaling().targetConcurrency();
    }

    /** Consumers that are enough for what runs now of a pool, 0 or more; 8 runs with a target of 8 are one. */
    double of(String pool) {
        return Math.max(0, pool(pool).sum()) / (double) WHOLE;
    }

    /** The same of all pools. */
    double total() {
        return pools.keySet().stream().mapToDouble(this::of).sum();
    }
}
