package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Digest;
import java.util.Arrays;

/** How content is cut into records: 512 KiB each, so that a broker's default limit of 1 MB holds. */
public final class Chunking {
    /** The most bytes of one chunk. */
    public static final int CHUNK_BYTES = 512 * 1024;

    private Chunking() {}

    /** How many chunks so many bytes make; nothing makes one empty chunk. */
    public static int count(long size) {
        return (int) Math.max(1, (size + CHUNK_BYTES - 1) / CHUNK_BYTES);
    }

    /** The key of chunk {@code index} of an upload. */
    public static byte[] uploadKey(String uploadId, int index) {
        return (uploadId + "/" + index).getBytes(UTF_8);
    }

    static byte[] artifactKey(Digest digest, int index) {
        return (digest + "/" + index).getBytes(UTF_8);
    }

    /** Chunk {@code index} of {@code content}. */
    public static byte[] chunk(byte[] content, int index) {
        int from = index * CHUNK_BYTES;
        return Arrays.copyOfRange(content, from, Math.min(content.length, from + CHUNK_BYTES));
    }

    /** The partition on which all chunks of one thing lie. */
    public static int partition(String name, int partitions) {
        return Math.floorMod(name.hashCode(), partitions);
    }
}
