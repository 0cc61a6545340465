package dev.photon.executor.wasm;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a run has open: the request's body (0), the answer (1), the log (2), {@code /tmp} (3) unless nothing may be
 * written there, and what the guest opens. Confined to the guest's thread.
 */
final class Descriptors {
    /** The one directory that is opened for the guest. */
    static final int TMP = 3;

    private static final int MAX_OPEN = 128;

    private final int tmpBytes;
    private final Supplier<HostShare> share;
    private Descriptor[] open;
    /** Not before it is asked for: most functions have no use for it. */
    private boolean hasTmp;

    /**
     * @param tmpBytes that files may have
     * @param share where they are counted; asked for with the first call about files
     */
    Descriptors(Descriptor in, Descriptor out, Descriptor err, int tmpBytes, Supplier<HostShare> share) {
        this.tmpBytes = tmpBytes;
        this.share = share;
        open = new Descriptor[] {in, out, err, null};
    }

    boolean isOpen(int fd) {
        if (fd == TMP && !hasTmp && tmpBytes > 0) {
            hasTmp = true;
            open[TMP] = OpenDirectory.root(new TmpFiles(tmpBytes, share.get()));
        }
        return fd >= 0 && fd < open.length && open[fd] != null;
    }

    Optional<Descriptor> find(int fd) {
        return isOpen(fd) ? Optional.of(open[fd]) : Optional.empty();
    }

    Descriptor at(int fd) throws ErrnoException {
        if (!isOpen(fd)) {
            throw new ErrnoException(Errno.BADF);
        }
        return open[fd];
    }

    /**
     * @param otherwise the error, when it is a stream
     */
    OpenFile file(int fd, int otherwise) throws ErrnoException {
        return switch (at(fd)) {
            case OpenFile file -> file;
            case OpenDirectory directory -> throw new ErrnoException(Errno.ISDIR);
            case StandardInput in -> throw new ErrnoException(otherwise);
            case StandardOutput out -> throw new ErrnoException(otherwise);
        };
    }

    OpenDirectory directory(int fd) throws ErrnoException {
        if (at(fd) instanceof OpenDirectory directory) {
            return directory;
        }
        throw new ErrnoException(Errno.NOTDIR);
    }

    /** The lowest number that stands for nothing. */
    int free() throws ErrnoException {
        var fd = 0;
        while (isOpen(fd)) {
            fd++;
        }
        if (fd == MAX_OPEN) {
            throw new ErrnoException(Errno.MFILE);
        }
        return fd;
    }

    /**
     * @param fd a free number
     */
    void put(int fd, Descriptor opened) {
        if (fd == open.length) {
            open = Arrays.copyOf(open, 2 * open.length);
        }
        open[fd] = opened;
    }

    void close(int fd) throws ErrnoException {
        at(fd).close();
        open[fd] = null;
    }

    /** Closes what has the second number, and gives that to the first one's. */
    void renumber(int from, int to) throws ErrnoException {
        var moved = at(from);
        var closed = at(to);
        if (from != to) {
            closed.close();
            open[to] = moved;
            open[from] = null;
        }
    }
}
