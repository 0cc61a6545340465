package dev.photon.executor.wasm;

import dev.photon.executor.outbound.Room;
import java.util.Arrays;

/** The bytes that a guest wrote to one of its streams, up to a limit; those after it are counted. */
final class BoundedOutput {
    private static final int FIRST = 512;

    /** For which no room is asked: what nearly all runs write. */
    static final int UNASKED = 64 << 10;

    /** What was written is copied to become an answer or lines, and when it outgrows its array. */
    private static final long COPIES = 3;

    private final int limit;
    private final Room room;
    private byte[] bytes = {};
    private int size;
    private long dropped;
    /** Of the room. */
    private long held;

    /**
     * @param limit bytes that are kept
     * @param room for more than {@link #UNASKED} of them
     */
    BoundedOutput(int limit, Room room) {
        this.limit = limit;
        this.room = room;
    }

    /**
     * Takes bytes out of the guest's memory. Those beyond the limit are counted, not read.
     *
     * @throws MemoryFull when the process has no room for them
     */
    void append(LinearMemory memory, int address, int length) {
        var taken = (int) Math.min(Integer.toUnsignedLong(length), limit - size);
        if (!append(memory, address, length, taken)) {
            throw new MemoryFull();
        }
    }

    /** The same; what the process has no room for is counted, too. */
    void appendWhatFits(LinearMemory memory, int address, int length) {
        var taken = (int) Math.min(Integer.toUnsignedLong(length), limit - size);
        if (!append(memory, address, length, taken)) {
            append(memory, address, length, 0);
        }
    }

    private boolean append(LinearMemory memory, int address, int length, int taken) {
        if (size + taken > bytes.length) {
            var larger = (int) Math.min(limit, Math.max(FIRST, 2L * (size + taken)));
            var more = larger > UNASKED ? COPIES * (larger - bytes.length) : 0;
            if (more > 0 && !room.take(more)) {
                return false;
            }
            held += more;
            bytes = Arrays.copyOf(bytes, larger);
        }
        memory.read(address, bytes, size, taken);
        size += taken;
        dropped += Integer.toUnsignedLong(length) - taken;
        return true;
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

    /** Forgets what was kept, and gives back the room for it. */
    void clear() {
        bytes = new byte[0];
        size = 0;
        if (held > 0) {
            room.give(held);
            held = 0;
        }
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
