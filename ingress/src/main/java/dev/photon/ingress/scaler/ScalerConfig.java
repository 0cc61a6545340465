package dev.photon.ingress.scaler;

import dev.photon.protocol.Settings;
import java.util.Optional;
import java.util.Set;

/**
 * Where the scaler answers.
 *
 * @param port 0 takes a free one; empty when nothing is to listen
 */
public record ScalerConfig(String host, Optional<Integer> port) {
    private static final String PORT = "PHOTON_SCALER_PORT";

    public static final Set<String> KEYS = Set.of("PHOTON_SCALER_HOST", PORT);

    public static ScalerConfig read(Settings settings) {
        return new ScalerConfig(
                settings.text("PHOTON_SCALER_HOST", "127.0.0.1"),
                settings.text(PORT, "").isEmpty()
                        ? Optional.empty()
                        : Optional.of(settings.integer(PORT, 0, 0, 65_535)));
    }
}
