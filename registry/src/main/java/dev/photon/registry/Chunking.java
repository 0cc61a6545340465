package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Digest;
import java.nio.ByteBuffer;

/** How content is cut into records: 512 KiB each, so that a broker's default limit of 1 MB holds. */
final class Chunking {
    /** The most bytes of one chunk. */
    static final int CHUNK_BYTES = 512 * 1024;

    private Chunking() {}

    /** How many chunks so many bytes make; nothing makes one empty chunk. */
    static int count(long size) {
        return (int) Math.max(1, (size + CHUNK_BYTES - 1) / CHUNK_BYTES);
    }

    /** How many bytes chunk {@code index} of so many bytes has. */
    static int length(long size, int index) {
        return (int) Math.min(size - (long) index * CHUNK_BYTES, CHUNK_BYTES);
    }

    /** The key of chunk {@code index} of an upload. */
    static byte[] uploadKey(String uploadId, int index) {
        return (uploadId + "/" + index).getBytes(UTF_8);
    }

    static byte[] artifactKey(Digest digest, int index) {
        return (digest + "/" + index).getBytes(UTF_8);
    }

    /** A copy of chunk {@code index} of what is between the content's position and limit. */
    static byte[] chunk(ByteBuffer content, int index) {
        var chunk = new byte[length(content.remaining(), index)];
        content.get(content.position() + index * CHUNK_BYTES, chunk);
        return chunk;
    }

    /** The partition on which all chunks of one thing lie. */
    static int partition(String name, int partitions) {
        return Math.floorMod(name.hashCode(), partitions);
    }
}
