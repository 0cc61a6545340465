package dev.photon.ingress.overflow;

import dev.photon.protocol.Region;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** The regions beside this one. Thread-safe. */
public final class OtherRegions {
    /** Behind all that were measured. */
    private static final Duration UNMEASURED = Duration.ofDays(1);

    private final List<OtherRegion> regions;

    public OtherRegions(List<Region> others, Hearsay hearsay) {
        regions = others.stream()
                .map(other -> new OtherRegion(other.name(), other.url(), hearsay))
                .toList();
    }

    /** In the order they were named. */
    public List<OtherRegion> all() {
        return regions;
    }

    /**
     * Those that calls may go to now, the nearest first and behind all others those that drain; where nothing was measured
     * yet, in the order they were named.
     *
     * @param placed whether a region of that name is meant
     */
    public List<OtherRegion> nearest(Predicate<String> placed) {
        return regions.stream()
                .filter(region -> region.isOpen() && placed.test(region.name()))
                .sorted(Comparator.comparing(OtherRegion::isDraining)
                        .thenComparing(region -> region.roundTrip().orElse(UNMEASURED)))
                .toList();
    }
}
