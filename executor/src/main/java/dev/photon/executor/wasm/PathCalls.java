package dev.photon.executor.wasm;

/**
 * The calls of WASI preview 1 about names: {@code path_*}. A path is a directory's number, an address and a length.
 * There are no symbolic links, so the flags that say whether to follow them mean nothing.
 */
final class PathCalls {
    private PathCalls() {}

    static int open(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        var fd = open.free();
        var directory = open.directory((int) a[0]);
        var place = directory.place(memory, (int) a[2], (int) a[3]);
        open.put(fd, directory.open(place, (int) a[4], a[5], a[6], (int) a[7]));
        memory.writeI32((int) a[8], fd);
        return Errno.SUCCESS;
    }

    static int createDirectory(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        var directory = open.directory((int) a[0]);
        directory.createDirectory(directory.place(memory, (int) a[1], (int) a[2]));
        return Errno.SUCCESS;
    }

    static int removeDirectory(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        var directory = open.directory((int) a[0]);
        directory.removeDirectory(directory.place(memory, (int) a[1], (int) a[2]));
        return Errno.SUCCESS;
    }

    static int unlink(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        var directory = open.directory((int) a[0]);
        OpenDirectory.unlink(directory.place(memory, (int) a[1], (int) a[2]));
        return Errno.SUCCESS;
    }

    static int stat(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        place(open, memory, a, 0, 2).node().stat().write(memory, (int) a[4]);
        return Errno.SUCCESS;
    }

    static int setTimes(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        place(open, memory, a, 0, 2).node().setTimes(a[4], a[5], (int) a[6]);
        return Errno.SUCCESS;
    }

    static int rename(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        open.directory((int) a[0]).rename(place(open, memory, a, 0, 1), place(open, memory, a, 3, 4));
        return Errno.SUCCESS;
    }

    static int link(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        open.directory((int) a[4]).link(place(open, memory, a, 0, 2), place(open, memory, a, 4, 5));
        return Errno.SUCCESS;
    }

    /** There are no links to read. */
    static int readLink(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        place(open, memory, a, 0, 1).node();
        return Errno.INVAL;
    }

    /** The one call of these whose directory is not its first argument. */
    static int symbolicLink(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        place(open, memory, a, 2, 3);
        return Errno.NOTSUP;
    }

    private static Place place(Descriptors open, LinearMemory memory, long[] a, int fd, int path)
            throws ErrnoException {
        return open.directory((int) a[fd]).place(memory, (int) a[path], (int) a[path + 1]);
    }
}
