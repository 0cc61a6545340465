package dev.photon.executor.wasm;

/** A file that the guest opened: where it reads and writes next. */
final class OpenFile implements Descriptor {
    private static final int APPEND = 1;
    private static final int FROM_START = 0;
    private static final int FROM_HERE = 1;
    private static final int FROM_END = 2;

    private final FileNode file;
    private final long rights;
    private int flags;
    private long position;

    OpenFile(FileNode file, long rights, int flags) {
        this.file = file;
        this.rights = rights & Rights.FILE;
        this.flags = flags;
        file.opened();
    }

    FileNode node() {
        return file;
    }

    @Override
    public Filestat stat() {
        return file.stat();
    }

    @Override
    public long rights() {
        return rights;
    }

    @Override
    public int flags() {
        return flags;
    }

    @Override
    public void setFlags(int newFlags) {
        flags = newFlags;
    }

    @Override
    public long available() {
        return Math.max(0, file.size() - position);
    }

    @Override
    public int read(LinearMemory memory, int address, int length) throws ErrnoException {
        var count = readAt(position, memory, address, length);
        position += count;
        return count;
    }

    int readAt(long from, LinearMemory memory, int address, int length) throws ErrnoException {
        require(isReadable(), Errno.BADF);
        require(from >= 0, Errno.INVAL);
        return file.read(from, memory, address, length);
    }

    @Override
    public int write(LinearMemory memory, int address, int length) throws ErrnoException {
        if ((flags & APPEND) != 0) {
            position = file.size();
        }
        var count = writeAt(position, memory, address, length);
        position += count;
        return count;
    }

    int writeAt(long to, LinearMemory memory, int address, int length) throws ErrnoException {
        require(isWritable(), Errno.BADF);
        require(to >= 0, Errno.INVAL);
        return file.write(to, memory, address, length);
    }

    /** Where it reads and writes next, from the file's start. */
    long position() {
        return position;
    }

    /**
     * @param whence what the offset counts from (WASI preview 1, "whence")
     * @return the new position
     */
    long seek(long offset, int whence) throws ErrnoException {
        var from = switch (whence) {
            case FROM_START -> 0;
            case FROM_HERE -> position;
            case FROM_END -> file.size();
            default -> throw new ErrnoException(Errno.INVAL);
        };
        // Also negative when the sum is too large for a long.
        require(from + offset >= 0, Errno.INVAL);
        position = from + offset;
        return position;
    }

    void resize(long size) throws ErrnoException {
        require(isWritable(), Errno.BADF);
        require(size >= 0, Errno.INVAL);
        file.resize(size);
    }

    /** Makes room for so many bytes behind the offset; the file does not shrink. */
    void allocate(long offset, long length) throws ErrnoException {
        require(offset >= 0 && length > 0 && offset + length > 0, Errno.INVAL);
        resize(Math.max(file.size(), offset + length));
    }

    @Override
    public void close() {
        file.closed();
    }

    private static void require(boolean right, int otherwise) throws ErrnoException {
        if (!right) {
            throw new ErrnoException(otherwise);
        }
    }
}
