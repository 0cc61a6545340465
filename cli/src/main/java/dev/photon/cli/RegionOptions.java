package dev.photon.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that every role shares; each stands in for an environment variable. */
public final class RegionOptions {
    @Option(names = "--bootstrap", paramLabel = "HOST:PORT,…", description = "Kafka brokers (PHOTON_BOOTSTRAP)")
    Optional<String> bootstrap = Optional.empty();

    @Option(names = "--region", paramLabel = "NAME", description = "Name of the region (PHOTON_REGION)")
    Optional<String> region = Optional.empty();

    /** Whether brokers were named here. */
    public boolean namesBrokers() {
        return bootstrap.isPresent();
    }

    /** The settings that they stand for. */
    public Map<String, String> settings() {
        var settings = new HashMap<String, String>();
        bootstrap.ifPresent(value -> settings.put("PHOTON_BOOTSTRAP", value));
        region.ifPresent(value -> settings.put("PHOTON_REGION", value));
        return settings;
    }
}
