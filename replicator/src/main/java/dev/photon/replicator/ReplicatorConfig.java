package dev.photon.replicator;

import dev.photon.protocol.Settings;
import dev.photon.registry.ArtifactStore;
import java.nio.file.Path;
import java.util.Set;

/**
 * How a replicator copies.
 *
 * @param bytesPerSecond how much comes from all other regions together, at most; 0 for as much as there is
 * @param cache with a folder for content on its way, which does not stay there
 */
public record ReplicatorConfig(int bytesPerSecond, Path cache) {
    public static final Set<String> KEYS = Set.of("PHOTON_REPLICATOR_BYTES_PER_SECOND", "PHOTON_CACHE");

    public static ReplicatorConfig read(Settings settings) {
        return new ReplicatorConfig(
                settings.integer("PHOTON_REPLICATOR_BYTES_PER_SECOND", 0, 0, Integer.MAX_VALUE),
                ArtifactStore.folder(settings));
    }
}
