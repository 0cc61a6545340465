package dev.photon.cli;

import dev.photon.protocol.Settings;
import java.util.Optional;
import java.util.Set;

/**
 * Where a process tells a monitoring system how it is.
 *
 * @param port 0 takes a free one; empty when nothing is to listen
 */
public record MonitorConfig(String host, Optional<Integer> port) {
    private static final String PORT = "PHOTON_METRICS_PORT";

    public static final Set<String> KEYS = Set.of("PHOTON_METRICS_HOST", PORT);

    public static MonitorConfig read(Settings settings) {
        var host = settings.text("PHOTON_METRICS_HOST", "127.0.0.1");
        return new MonitorConfig(
                host,
                settings.text(PORT, "").isEmpty()
                        ? Optional.empty()
                        : Optional.of(settings.integer(PORT, 0, 0, 65_535)));
    }
}
