package dev.photon.executor.wasm;

/** A file or a directory, whatever names and descriptors it has. Times are nanoseconds since 1970. */
abstract sealed class Node permits FileNode, DirectoryNode {
    private static final int SET_ACCESSED = 1;
    private static final int ACCESSED_NOW = 2;
    private static final int SET_MODIFIED = 4;
    private static final int MODIFIED_NOW = 8;
    private static final int ALL_FLAGS = 15;

    private final long inode;
    private long accessed = Clocks.now(Clocks.REALTIME);
    private long modified = accessed;
    private long changed = accessed;

    Node(long inode) {
        this.inode = inode;
    }

    long inode() {
        return inode;
    }

    abstract byte type();

    /** How many names it has. */
    abstract int links();

    abstract long size();

    final Filestat stat() {
        return new Filestat(inode, type(), links(), size(), accessed, modified, changed);
    }

    final void modified() {
        modified = Clocks.now(Clocks.REALTIME);
        changed = modified;
    }

    /**
     * @param flags which of the times to set, and which to now (WASI preview 1, "fstflags")
     */
    final void setTimes(long newAccessed, long newModified, int flags) throws ErrnoException {
        if ((flags & ~ALL_FLAGS) != 0
                || (flags & (SET_ACCESSED | ACCESSED_NOW)) == (SET_ACCESSED | ACCESSED_NOW)
                || (flags & (SET_MODIFIED | MODIFIED_NOW)) == (SET_MODIFIED | MODIFIED_NOW)) {
            throw new ErrnoException(Errno.INVAL);
        }
        changed = Clocks.now(Clocks.REALTIME);
        accessed = chosen(flags & SET_ACCESSED, newAccessed, flags & ACCESSED_NOW, accessed);
        modified = chosen(flags & SET_MODIFIED, newModified, flags & MODIFIED_NOW, modified);
    }

    private long chosen(int set, long wanted, int now, long before) {
        if (set != 0) {
            return wanted;
        }
        return now != 0 ? changed : before;
    }
}
