package dev.photon.executor.wasm;

import dev.photon.executor.outbound.Room;
import java.util.Arrays;

/** A message's body, as a handler meets it: to be read in pieces, and to be replaced in pieces. */
final class BodyStream {
    private static final long EOF = 1L << 32;
    private static final byte[] NONE = {};

    private final byte[] given;
    private final int limit;
    private final Room room;
    private int position;
    private BoundedOutput written;

    /**
     * @param given not copied
     * @param limit bytes of what replaces it
     * @param room for those
     */
    BodyStream(byte[] given, int limit, Room room) {
        this.given = given;
        this.limit = limit;
        this.room = room;
    }

    static BodyStream empty(int limit, Room room) {
        return new BodyStream(NONE, limit, room);
    }

    /** Copies what was not read yet, as far as there is room. In the upper half of the result is whether that was all. */
    long read(LinearMemory memory, int address, int most) {
        if (most == 0) {
            throw new BadCall("there is no room to read to");
        }
        var taken = (int) Math.min(Integer.toUnsignedLong(most), given.length - position);
        memory.write(address, given, position, taken);
        position += taken;
        return (position == given.length ? EOF : 0) | taken;
    }

    /** The next read begins at the first byte. */
    void rewind() {
        position = 0;
    }

    /** The first piece replaces the body, the others follow it. */
    void write(LinearMemory memory, int address, int length) {
        if (written == null) {
            written = new BoundedOutput(limit, room);
        }
        written.append(memory, address, length);
    }

    /** Bytes of what was written. */
    int written() {
        return written == null ? 0 : written.size();
    }

    /** Whether more was written than the limit allows. */
    boolean isCut() {
        return written != null && written.dropped() > 0;
    }

    /** Forgets what was written. */
    void clear() {
        if (written != null) {
            written.clear();
        }
    }

    /** Not to be changed. */
    byte[] bytes() {
        if (written == null) {
            return given;
        }
        var bytes = written.bytes();
        return bytes.length == written.size() ? bytes : Arrays.copyOf(bytes, written.size());
    }
}
