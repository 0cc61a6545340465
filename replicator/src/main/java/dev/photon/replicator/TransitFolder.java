package dev.photon.replicator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where content lies from the moment it came until the registry has it. It is the replicator's own: executors keep what
 * they fetch, and here nothing may stay, neither because the disk is finite nor after the function is gone.
 */
final class TransitFolder {
    private TransitFolder() {}

    /**
     * The folder of this region's replicator, without what one left there that was killed.
     *
     * @param cache which other processes may share, also those of other regions
     * @throws IOException when it cannot be made or emptied
     */
    static Path emptied(Path cache, String region) throws IOException {
        var folder = Files.createDirectories(cache.resolve("replicator").resolve(region));
        try (var left = Files.newDirectoryStream(folder)) {
            for (var file : left) {
                Files.deleteIfExists(file);
            }
        }
        return folder;
    }
}
