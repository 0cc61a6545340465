package dev.photon.registry;

import dev.photon.protocol.Settings;
import java.util.Set;

/**
 * How a registry decides.
 *
 * @param maxArtifactBytes the largest module, 1 byte to 900,000,000
 */
public record RegistryConfig(int maxArtifactBytes) {
    public static final Set<String> KEYS = Set.of("PHOTON_MAX_ARTIFACT_BYTES");

    public static RegistryConfig read(Settings settings) {
        return new RegistryConfig(settings.integer("PHOTON_MAX_ARTIFACT_BYTES", 5 * 1024 * 1024, 1, 900_000_000));
    }
}
