package dev.photon.ingress.scaler;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How long runs take in the mean, of each pool's functions and of all, by the replies of executors. Thread-safe. */
public final class RunTimes {
    private final RunTime all = new RunTime();
    private final Map<String, RunTime> pools;

    /**
     * @param pools that the region has
     */
    public RunTimes(Collection<String> pools) {
        this.pools = pools.stream().collect(Collectors.toUnmodifiableMap(Function.identity(), pool -> new RunTime()));
    }

    /**
     * @param pool of the function; one that this region does not have counts for all alone
     * @param runMicros zero when nothing has run, or when that was not known yet; such replies do not count
     */
    public void ran(String pool, long runMicros) {
        var now = System.nanoTime();
        all.ran(runMicros, now);
        Optional.ofNullable(pools.get(pool)).ifPresent(one -> one.ran(runMicros, now));
    }

    /** Of one pool, or of all; empty before the first reply. */
    Optional<Duration> mean(Optional<String> pool) {
        return pool.map(pools::get).orElse(all).mean();
    }

    /** Of all; NaN before the first reply. */
    double meanSeconds() {
        return all.mean().map(time -> time.toNanos() / 1e9).orElse(Double.NaN);
    }
}
