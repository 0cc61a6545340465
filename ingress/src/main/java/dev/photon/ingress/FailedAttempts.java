package dev.photon.ingress;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts failed attempts of an address, so that their log stays short. Thread-safe. */
final class FailedAttempts {
    /** Of one address in one window. */
    static final int LIMIT = 20;

    private static final long WINDOW_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int MAX_ADDRESSES = 10_000;

    private final Map<String, AtomicInteger> attempts = new ConcurrentHashMap<>();
    private final AtomicLong windowStart = new AtomicLong(System.nanoTime());

    /** Takes note of one; false when there were too many. */
    boolean count(String address) {
        var now = System.nanoTime();
        var start = windowStart.get();
        if (now - start > WINDOW_NANOS && windowStart.compareAndSet(start, now)) {
            attempts.clear();
        }
        // With so many addresses at once, all of them together are one attacker.
        var counted = attempts.size() < MAX_ADDRESSES ? address : "";
        return attempts.computeIfAbsent(counted, one -> new AtomicInteger()).incrementAndGet() <= LIMIT;
    }
}
