package dev.photon.executor.wasm;

import java.util.Arrays;

/** A file's bytes, in chunks that come into being when they are written to: others are zeros. */
final class FileNode extends Node {
    private static final int SHIFT = 10;
    private static final int CHUNK = 1 << SHIFT;
    private static final int MASK = CHUNK - 1;
    private static final byte[] ZEROS = new byte[CHUNK];

    private final TmpFiles files;
    private byte[][] chunks = {};
    private long size;
    private int names;
    private int openings;

    FileNode(TmpFiles files, long inode) {
        super(inode);
        this.files = files;
    }

    @Override
    byte type() {
        return Filestat.FILE;
    }

    @Override
    int links() {
        return names;
    }

    @Override
    long size() {
        return size;
    }

    void named() {
        names++;
    }

    void unnamed() {
        names--;
        if (names > 0) {
            files.forget(0);
        } else {
            dropIfUnused();
        }
    }

    void opened() {
        openings++;
    }

    void closed() {
        openings--;
        dropIfUnused();
    }

    private void dropIfUnused() {
        if (names == 0 && openings == 0) {
            files.forget(size);
            chunks = new byte[0][];
        }
    }

    /**
     * @param from at least 0
     * @param length unsigned
     * @return how many bytes there were
     */
    int read(long from, LinearMemory memory, int address, int length) {
        var count = (int) Math.max(0, Math.min(Integer.toUnsignedLong(length), size - from));
        for (int done = 0; done < count; ) {
            Interruption.check();
            var at = (int) from + done;
            var piece = Math.min(count - done, CHUNK - (at & MASK));
            memory.write(address + done, isThere(at) ? chunks[at >>> SHIFT] : ZEROS, at & MASK, piece);
            done += piece;
        }
        return count;
    }

    private boolean isThere(int at) {
        return at >>> SHIFT < chunks.length && chunks[at >>> SHIFT] != null;
    }

    /**
     * @param to at least 0; what is between the file's end and there becomes zeros
     * @param length unsigned
     * @return how many bytes there was room for, at least one when one was to be written
     */
    int write(long to, LinearMemory memory, int address, int length) throws ErrnoException {
        var count = (int) Math.min(Integer.toUnsignedLong(length), Math.max(0, size + files.room() - to));
        if (count == 0 && length != 0) {
            throw new ErrnoException(Errno.NOSPC);
        }
        if (to + count > size && count > 0) {
            resize(to + count);
        }
        for (int done = 0; done < count; ) {
            Interruption.check();
            var at = (int) to + done;
            var piece = Math.min(count - done, CHUNK - (at & MASK));
            memory.read(address + done, chunk(at >>> SHIFT), at & MASK, piece);
            done += piece;
        }
        modified();
        return count;
    }

    private byte[] chunk(int index) {
        if (index >= chunks.length) {
            chunks = Arrays.copyOf(chunks, Math.max(index + 1, 2 * chunks.length));
        }
        if (chunks[index] == null) {
            chunks[index] = new byte[CHUNK];
        }
        return chunks[index];
    }

    /**
     * @param newSize at least 0
     */
    void resize(long newSize) throws ErrnoException {
        files.grow(newSize - size);
        if (newSize < size) {
            cut((int) newSize);
        }
        size = newSize;
        modified();
    }

    /** What is behind the end must be zeros when the file grows again. */
    private void cut(int end) {
        if (isThere(end)) {
            Arrays.fill(chunks[end >>> SHIFT], end & MASK, CHUNK, (byte) 0);
        }
        var kept = (end + MASK) >>> SHIFT;
        if (kept < chunks.length) {
            chunks = Arrays.copyOf(chunks, kept);
        }
    }
}
