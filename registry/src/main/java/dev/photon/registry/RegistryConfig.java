package dev.photon.registry;

import dev.photon.protocol.Settings;
import java.nio.file.Path;
import java.util.Set;

/**
 * How a registry decides.
 *
 * @param maxArtifactBytes the largest module, 1 byte to 900,000,000
 * @param maxAssetsBytes the most that the static files of a version have together, 1 byte to 1,000,000,000
 * @param cache where an upload lies while it is examined
 */
public record RegistryConfig(int maxArtifactBytes, int maxAssetsBytes, Path cache) {
    public static final Set<String> KEYS =
            Set.of("PHOTON_MAX_ARTIFACT_BYTES", "PHOTON_MAX_ASSETS_BYTES", "PHOTON_CACHE");

    public static RegistryConfig read(Settings settings) {
        return new RegistryConfig(
                settings.integer("PHOTON_MAX_ARTIFACT_BYTES", 5 * 1024 * 1024, 1, 900_000_000),
                settings.integer("PHOTON_MAX_ASSETS_BYTES", 100 * 1024 * 1024, 1, 1_000_000_000),
                ArtifactStore.folder(settings));
    }
}
