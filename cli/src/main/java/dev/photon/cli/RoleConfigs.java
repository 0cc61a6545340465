package dev.photon.cli;

import dev.photon.executor.ExecutorConfig;
import dev.photon.ingress.HttpConfig;
import dev.photon.ingress.IngressConfig;
import dev.photon.ingress.scaler.ScalerConfig;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Settings;
import dev.photon.registry.RegistryConfig;
import dev.photon.replicator.ReplicatorConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/** The configuration of all roles, read and checked as a whole. */
public record RoleConfigs(
        RegionConfig region,
        RegistryConfig registry,
        ReplicatorConfig replicator,
        IngressConfig ingress,
        HttpConfig http,
        ScalerConfig scaler,
        ExecutorConfig executor,
        MonitorConfig monitor) {

    /**
     * Reads the environment, with what the command line said in front of it.
     *
     * @throws IllegalArgumentException that names every problem
     */
    public static RoleConfigs read(Map<String, String> environment, Map<String, String> options) {
        var all = new HashMap<>(environment);
        all.putAll(options);
        var settings = new Settings(all::get);
        var known = new TreeSet<>(RegionConfig.keys(settings));
        known.addAll(RegistryConfig.KEYS);
        known.addAll(ReplicatorConfig.KEYS);
        known.addAll(IngressConfig.KEYS);
        known.addAll(HttpConfig.KEYS);
        known.addAll(ScalerConfig.KEYS);
        known.addAll(ExecutorConfig.KEYS);
        known.addAll(MonitorConfig.KEYS);
        var configs = new RoleConfigs(
                RegionConfig.read(settings),
                RegistryConfig.read(settings),
                ReplicatorConfig.read(settings),
                IngressConfig.read(settings),
                HttpConfig.read(settings),
                ScalerConfig.read(settings),
                ExecutorConfig.read(settings),
                MonitorConfig.read(settings));
        settings.refuseUnknown(all.keySet(), known);
        settings.check();
        return configs;
    }

    /** Where the ingress answers, on this machine. */
    String url(int port) {
        return "%s://%s:%d".formatted(http.tls().isPresent() ? "https" : "http", ingress.host(), port);
    }
}
