package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One call of {@code fd_readdir}: entries (WASI preview 1, "dirent"), with their names, until the buffer is full. */
final class Listing {
    private static final int HEAD = 24;

    private final LinearMemory memory;
    private final int address;
    private final long length;
    private final long cookie;
    private int size;

    /**
     * @param length unsigned
     * @param cookie of the entry after which to go on; 0 for the first one
     */
    Listing(LinearMemory memory, int address, int length, long cookie) {
        this.memory = memory;
        this.address = address;
        this.length = Integer.toUnsignedLong(length);
        this.cookie = cookie;
    }

    void tell(DirectoryNode directory) {
        entry(1, ".", directory);
        entry(DirectoryNode.FIRST_COOKIE, "..", directory.parent());
        directory.entries().forEach((name, entry) -> entry(entry.cookie(), name, entry.node()));
    }

    /** What does not fit is cut; a listing that fills the buffer says that more may follow. */
    private void entry(long next, String name, Node node) {
        if (Long.compareUnsigned(next, cookie) <= 0 || size >= length) {
            return;
        }
        var text = name.getBytes(UTF_8);
        var entry = ByteBuffer.allocate(HEAD + text.length).order(ByteOrder.LITTLE_ENDIAN);
        entry.putLong(next).putLong(node.inode()).putInt(text.length).putInt(node.type());
        entry.put(text);
        var taken = (int) Math.min(entry.capacity(), length - size);
        memory.write(address + size, entry.array(), 0, taken);
        size += taken;
    }

    /** Bytes of the buffer that are filled. */
    int size() {
        return size;
    }
}
