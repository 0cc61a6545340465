package dev.photon.metrics;

import dev.photon.registry.FunctionView;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * What is measured of each version of a function: made at its first call, gone when the version is deleted. There are at
 * most so many; what is called beyond them is measured together, as function {@value #OTHERS}, until others are deleted.
 * Thread-safe; finding one that is there neither locks nor allocates.
 *
 * <p>Only versions that exist get one. Callers choose names, and whoever ends after the deletion must not bring back what
 * nobody would remove again.
 *
 * @param <M> what records
 */
public final class VersionSeries<M> implements FunctionView.Listener {
    /** The label of what has no series of its own; its version is empty, which that of a real function never is. */
    public static final String OTHERS = "other";

    private final MeterRegistry meters;
    private final BiPredicate<String, String> exists;
    private final int most;
    private final Function<MeterSet, M> make;
    private final M others;
    /** By function and version: two strings that know their hashes, where a key made of both would be new each time. */
    private final Map<String, Map<String, Entry<M>>> entries = new ConcurrentHashMap<>();
    /** Changed under the lock, read without. */
    private final AtomicInteger size = new AtomicInteger();

    private record Entry<M>(MeterSet meters, M recorder) {}

    /**
     * @param exists whether a function has a version; once it has not, this hears of the deletion
     * @param most versions that are measured each by itself
     * @param make what records with these meters
     */
    public VersionSeries(
            MeterRegistry meters, BiPredicate<String, String> exists, int most, Function<MeterSet, M> make) {
        this.meters = meters;
        this.exists = exists;
        this.most = most;
        this.make = make;
        this.others = make.apply(new MeterSet(meters, OTHERS, ""));
    }

    /** What records a call of this version. Calls that are measured from begin to end keep what they got first. */
    public M of(String function, String version) {
        var versions = entries.get(function);
        var known = versions == null ? null : versions.get(version);
        if (known != null) {
            return known.recorder();
        }
        return size.get() < most ? made(function, version) : others;
    }

    private synchronized M made(String function, String version) {
        if (size.get() >= most || !exists.test(function, version)) {
            return others;
        }
        return entries.computeIfAbsent(function, name -> new ConcurrentHashMap<>())
                .computeIfAbsent(version, absent -> entry(function, version))
                .recorder();
    }

    private Entry<M> entry(String function, String version) {
        size.incrementAndGet();
        var set = new MeterSet(meters, function, version);
        return new Entry<>(set, make.apply(set));
    }

    @Override
    public synchronized void deleted(String function, String version) {
        entries.computeIfPresent(function, (name, versions) -> {
            var gone = versions.remove(version);
            if (gone != null) {
                gone.meters().close();
                size.decrementAndGet();
            }
            return versions.isEmpty() ? null : versions;
        });
    }
}
