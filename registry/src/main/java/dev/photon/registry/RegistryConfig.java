package dev.photon.registry;

import dev.photon.protocol.Settings;
import java.nio.file.Path;
import java.util.Set;

/**
 * How a registry decides.
 *
 * @param maxArtifactBytes the largest module, 1 byte to 900,000,000
 * @param cache where an upload lies while it is examined
 */
public record RegistryConfig(int maxArtifactBytes, Path cache) {
    public static final Set<String> KEYS = Set.of("PHOTON_MAX_ARTIFACT_BYTES", "PHOTON_CACHE");

    public static RegistryConfig read(Settings settings) {
        return new RegistryConfig(
                settings.integer("PHOTON_MAX_ARTIFACT_BYTES", 5 * 1024 * 1024, 1, 900_000_000),
                ArtifactStore.folder(settings));
    }
}
