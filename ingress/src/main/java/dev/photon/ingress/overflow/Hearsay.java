package dev.photon.ingress.overflow;

import dev.photon.registry.RegionState;
import java.util.Optional;

/** What this region's log says of all of them. Thread-safe. */
public interface Hearsay {
    /** What an operator last wished of a region. */
    Optional<RegionState> wished(String region);

    /**
     * How much of what a region shares has come here; grows with each change, and is what the region itself says when
     * all has come. 0 for nothing.
     */
    long known(String region);

    /** Whether new calls of a region are to go to others. */
    default boolean isDraining(String region) {
        return wished(region).filter(RegionState::draining).isPresent();
    }
}
