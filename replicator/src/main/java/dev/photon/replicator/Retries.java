package dev.photon.replicator;

import dev.photon.protocol.Digest;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** When what failed is tried again: a second later, then two, and so on up to a minute. Thread-safe. */
final class Retries {
    private static final long FIRST = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);

    private record Retry(long at, long delay) {}

    private final LongSupplier nanoTime;
    private final Map<Digest, Retry> failed = new ConcurrentHashMap<>();

    /**
     * @param nanoTime a clock, such as {@link System#nanoTime}
     */
    Retries(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void failed(Digest digest) {
        failed.compute(digest, (same, before) -> {
            var delay = before == null ? FIRST : Math.min(LONGEST, 2 * before.delay());
            return new Retry(nanoTime.getAsLong() + delay, delay);
        });
    }

    /** Whether it may be tried now. */
    boolean due(Digest digest) {
        var retry = failed.get(digest);
        return retry == null || nanoTime.getAsLong() - retry.at() >= 0;
    }

    /** All others have nothing to be tried again for. */
    void retain(Set<Digest> wanted) {
        failed.keySet().retainAll(wanted);
    }

    boolean isEmpty() {
        return failed.isEmpty();
    }
}
