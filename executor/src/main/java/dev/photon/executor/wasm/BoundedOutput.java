package dev.photon.executor.wasm;

import java.util.Arrays;

/** The bytes that a guest wrote to one of its streams, up to a limit; those after it are counted. */
final class BoundedOutput {
    private static final int FIRST = 512;

    private final int limit;
    private byte[] bytes = {};
    private int size;
    private long dropped;

    BoundedOutput(int limit) {
        this.limit = limit;
    }

    /** Takes bytes out of the guest's memory. Those that do not fit are counted, not read. */
    void append(LinearMemory memory, int address, int length) {
        var taken = (int) Math.min(Integer.toUnsignedLong(length), limit - size);
        if (size + taken > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(limit, Math.max(FIRST, 2L * (size + taken))));
        }
        memory.read(address, bytes, size, taken);
        size += taken;
        dropped += Integer.toUnsignedLong(length) - taken;
    }

    /** What was kept, from index 0 to {@link #size}; not a copy. */
    byte[] bytes() {
        return bytes;
    }

    /** What was kept, which is then forgotten. */
    byte[] take() {
        var taken = toArray();
        size = 0;
        return taken;
    }

    /** Forgets what was kept. */
    void clear() {
        bytes = new byte[0];
        size = 0;
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }

    int size() {
        return size;
    }

    long dropped() {
        return dropped;
    }
}
