package dev.photon.executor.wasm;

/**
 * The files below {@code /tmp}: in memory, of one run, gone with it. Confined to the guest's thread.
 *
 * <p>A file's size counts, to the byte, as long as it has a name or is open. What is not counted is bounded: less than
 * a KiB at each file's end, and 1,024 files and directories with names of 255 bytes.
 */
final class TmpFiles {
    private static final int MAX_NODES = 1_024;

    private final DirectoryNode root = new DirectoryNode(1);
    private final long limit;
    private long used;
    private int nodes = 1;
    private long lastInode = 1;

    /**
     * @param limit bytes of all files
     */
    TmpFiles(long limit) {
        this.limit = limit;
    }

    DirectoryNode root() {
        return root;
    }

    /** Bytes that files may grow by. */
    long room() {
        return limit - used;
    }

    /**
     * @param bytes that a file grows, or shrinks, by
     */
    void grow(long bytes) throws ErrnoException {
        if (bytes > room()) {
            throw new ErrnoException(Errno.NOSPC);
        }
        used += bytes;
    }

    FileNode newFile() throws ErrnoException {
        return new FileNode(this, newInode());
    }

    DirectoryNode newDirectory() throws ErrnoException {
        return new DirectoryNode(newInode());
    }

    private long newInode() throws ErrnoException {
        if (nodes == MAX_NODES) {
            throw new ErrnoException(Errno.NOSPC);
        }
        nodes++;
        return ++lastInode;
    }

    /** A file or directory is no more. */
    void forget(long bytes) {
        used -= bytes;
        nodes--;
    }
}
