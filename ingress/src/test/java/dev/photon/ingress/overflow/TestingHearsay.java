package dev.photon.ingress.overflow;

import dev.photon.registry.RegionState;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A log in which there is what the test says. */
public final class TestingHearsay implements Hearsay {
    private final Map<String, RegionState> wished = new ConcurrentHashMap<>();
    private volatile long known;

    public void drain(String region) {
        wished.put(region, new RegionState(region, true, "ada", 0));
    }

    /** Of each region. */
    public void knows(long changes) {
        known = changes;
    }

    @Override
    public Optional<RegionState> wished(String region) {
        return Optional.ofNullable(wished.get(region));
    }

    @Override
    public long known(String region) {
        return known;
    }
}
