package dev.photon.executor.wasm;

/**
 * The files below {@code /tmp}: in memory, of one run, gone with it. Confined to the guest's thread.
 *
 * <p>A file's size counts, to the byte, as long as it has a name or is open. There are at most 1,024 names, files that
 * are open without one, and directories. All of it is in the budget of the process: what finds no room there does not
 * fit, as if the limit were lower.
 */
final class TmpFiles {
    private static final int MAX_NODES = 1_024;

    /** Its times, a name of 255 bytes, and what is less than a chunk at a file's end. */
    private static final long NODE_BYTES = 2 << 10;

    private final DirectoryNode root = new DirectoryNode(1);
    private final long limit;
    private final HostShare share;
    private long used;
    private int nodes = 1;
    private long lastInode = 1;

    /**
     * @param limit bytes of all files
     * @param share of the run, which closes it
     */
    TmpFiles(long limit, HostShare share) {
        this.limit = limit;
        this.share = share;
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
        if (bytes > room() || (bytes > 0 && !share.take(bytes))) {
            throw new ErrnoException(Errno.NOSPC);
        }
        used += bytes;
        if (bytes < 0) {
            share.give(-bytes);
        }
    }

    FileNode newFile() throws ErrnoException {
        return new FileNode(this, newInode());
    }

    DirectoryNode newDirectory() throws ErrnoException {
        return new DirectoryNode(newInode());
    }

    private long newInode() throws ErrnoException {
        newName();
        return ++lastInode;
    }

    /** A file gets another name. */
    void newName() throws ErrnoException {
        if (nodes == MAX_NODES || !share.take(NODE_BYTES)) {
            throw new ErrnoException(Errno.NOSPC);
        }
        nodes++;
    }

    /** A file or directory is no more, or has a name less. */
    void forget(long bytes) {
        used -= bytes;
        nodes--;
        share.give(bytes + NODE_BYTES);
    }
}
