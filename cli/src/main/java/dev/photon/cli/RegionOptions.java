package dev.photon.cli;

import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Settings;
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

    /**
     * The region, by these options and the environment.
     *
     * @throws IllegalArgumentException that names every problem
     */
    public RegionConfig config() {
        var all = new HashMap<>(System.getenv());
        all.putAll(settings());
        var settings = new Settings(all::get);
        var config = RegionConfig.read(settings);
        settings.check();
        return config;
    }

    /** The settings that they stand for. */
    Map<String, String> settings() {
        var settings = new HashMap<String, String>();
        bootstrap.ifPresent(value -> settings.put("PHOTON_BOOTSTRAP", value));
        region.ifPresent(value -> settings.put("PHOTON_REGION", value));
        return settings;
    }
}
