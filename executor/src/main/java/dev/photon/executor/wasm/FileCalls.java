package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The calls of WASI preview 1 about something that is open: {@code fd_*}. The first argument says what. */
final class FileCalls {
    private static final byte[] TMP = "/tmp".getBytes(UTF_8);

    private FileCalls() {}

    static int read(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        var from = open.at((int) a[0]);
        return report(
                memory,
                (int) a[3],
                vectors(memory, a).each((done, address, length) -> from.read(memory, address, length)));
    }

    static int write(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        var to = open.at((int) a[0]);
        return report(
                memory,
                (int) a[3],
                vectors(memory, a).each((done, address, length) -> to.write(memory, address, length)));
    }

    static int readAt(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        var from = open.file((int) a[0], Errno.SPIPE);
        return report(
                memory,
                (int) a[4],
                vectors(memory, a).each((done, address, length) -> from.readAt(a[3] + done, memory, address, length)));
    }

    static int writeAt(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        var to = open.file((int) a[0], Errno.SPIPE);
        return report(
                memory,
                (int) a[4],
                vectors(memory, a).each((done, address, length) -> to.writeAt(a[3] + done, memory, address, length)));
    }

    private static IoVectors vectors(LinearMemory memory, long[] a) {
        return new IoVectors(memory, (int) a[1], (int) a[2]);
    }

    private static int report(LinearMemory memory, int result, int count) {
        memory.writeI32(result, count);
        return Errno.SUCCESS;
    }

    static int close(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        open.close((int) a[0]);
        return Errno.SUCCESS;
    }

    static int renumber(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        open.renumber((int) a[0], (int) a[1]);
        return Errno.SUCCESS;
    }

    static int seek(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        memory.writeLong((int) a[3], open.file((int) a[0], Errno.SPIPE).seek(a[1], (int) a[2]));
        return Errno.SUCCESS;
    }

    static int tell(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        memory.writeLong((int) a[1], open.file((int) a[0], Errno.SPIPE).position());
        return Errno.SUCCESS;
    }

    /** What is written is as safe as it will ever be. Directories are synchronised, too, by careful programs. */
    static int sync(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        node(open, (int) a[0], Errno.INVAL);
        return Errno.SUCCESS;
    }

    static int advise(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        open.file((int) a[0], Errno.SPIPE);
        return Errno.SUCCESS;
    }

    static int allocate(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        open.file((int) a[0], Errno.SPIPE).allocate(a[1], a[2]);
        return Errno.SUCCESS;
    }

    static int resize(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        open.file((int) a[0], Errno.INVAL).resize(a[1]);
        return Errno.SUCCESS;
    }

    static int stat(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        open.at((int) a[0]).stat().write(memory, (int) a[1]);
        return Errno.SUCCESS;
    }

    static int setTimes(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        node(open, (int) a[0], Errno.NOTSUP).setTimes(a[1], a[2], (int) a[3]);
        return Errno.SUCCESS;
    }

    private static Node node(Descriptors open, int fd, int otherwise) throws ErrnoException {
        return open.at(fd) instanceof OpenDirectory directory
                ? directory.node()
                : open.file(fd, otherwise).node();
    }

    /** WASI preview 1, "fdstat". */
    static int describe(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        var described = open.at((int) a[0]);
        var address = (int) a[1];
        memory.writeLong(address, described.stat().type() | (long) described.flags() << 16);
        memory.writeLong(address + 8, described.rights());
        memory.writeLong(address + 16, described.inheriting());
        return Errno.SUCCESS;
    }

    static int setFlags(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        open.at((int) a[0]).setFlags((int) a[1]);
        return Errno.SUCCESS;
    }

    /** WASI preview 1, "prestat". C libraries ask for one number after the other until there is none: no exception. */
    static int preopened(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        if (!isPreopened(open, a)) {
            return Errno.BADF;
        }
        memory.writeI32((int) a[1], 0);
        memory.writeI32((int) a[1] + 4, TMP.length);
        return Errno.SUCCESS;
    }

    static int preopenedName(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        if (!isPreopened(open, a)) {
            return Errno.BADF;
        }
        if (Integer.compareUnsigned((int) a[2], TMP.length) < 0) {
            return Errno.NAMETOOLONG;
        }
        memory.write((int) a[1], TMP);
        return Errno.SUCCESS;
    }

    private static boolean isPreopened(Descriptors open, long[] a) {
        return (int) a[0] == Descriptors.TMP && open.isOpen(Descriptors.TMP);
    }

    static int list(Descriptors open, LinearMemory memory, long[] a) throws ErrnoException {
        var listing = new Listing(memory, (int) a[1], (int) a[2], a[3]);
        listing.tell(open.directory((int) a[0]).node());
        return report(memory, (int) a[4], listing.size());
    }
}
