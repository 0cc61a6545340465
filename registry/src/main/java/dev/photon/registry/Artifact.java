package dev.photon.registry;

import dev.photon.protocol.Digest;

/**
 * Some content on {@code photon.artifacts}.
 *
 * @param size in bytes, at least 1
 * @param chunks where it lies
 */
public record Artifact(Digest digest, long size, Manifest.Chunks chunks) {
    public Artifact {
        if (size < 1) {
            throw new IllegalArgumentException("an artifact has at least one byte");
        }
    }
}
