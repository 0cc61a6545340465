package dev.photon.registry;

import dev.photon.protocol.Digest;

/**
 * An artifact that no version names, or not yet.
 *
 * @param partition of {@code photon.artifacts} that its chunks are on, if they were written
 * @param count how many chunks it has, at least 1
 * @param since milliseconds since 1970-01-01T00:00Z, by the registry's clock
 */
record Condemned(Digest digest, int partition, int count, long since) {
    /**
     * @throws IllegalArgumentException when a number is out of its range
     */
    Condemned {
        if (partition < 0 || count < 1 || since < 0) {
            throw new IllegalArgumentException("a number is out of its range");
        }
    }
}
