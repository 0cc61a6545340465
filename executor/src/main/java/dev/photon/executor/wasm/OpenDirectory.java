package dev.photon.executor.wasm;

/**
 * A directory that the guest opened, or that was opened for it.
 *
 * @param files what new ones are made by
 * @param rights those that were asked for, as are the others
 */
record OpenDirectory(TmpFiles files, DirectoryNode node, long rights, long inheriting) implements Descriptor {
    static final int CREATE = 1;

    private static final int MUST_BE_DIRECTORY = 2;
    private static final int MUST_BE_NEW = 4;
    private static final int TRUNCATE = 8;

    OpenDirectory {
        rights &= Rights.DIRECTORY;
    }

    /** The one that is open from the start. */
    static OpenDirectory root(TmpFiles files) {
        return new OpenDirectory(files, files.root(), Rights.DIRECTORY, Rights.DIRECTORY | Rights.FILE);
    }

    @Override
    public Filestat stat() {
        return node.stat();
    }

    Place place(LinearMemory memory, int path, int length) throws ErrnoException {
        return Place.of(node, memory, path, length);
    }

    /**
     * Opens what is there, or makes a file.
     *
     * @param how WASI preview 1, "oflags"
     * @param flags WASI preview 1, "fdflags"
     */
    Descriptor open(Place place, int how, long wanted, long wantedInheriting, int flags) throws ErrnoException {
        var found = place.find();
        var exists = found.isPresent();
        refuse((how & CREATE) != 0 && (how & MUST_BE_DIRECTORY) != 0, Errno.INVAL);
        refuse(exists && (how & CREATE) != 0 && (how & MUST_BE_NEW) != 0, Errno.EXIST);
        refuse(!exists && (how & CREATE) == 0, Errno.NOENT);
        refuse(!exists && place.slashed(), Errno.ISDIR);
        if (found.orElse(null) instanceof DirectoryNode directory) {
            refuse((how & (CREATE | TRUNCATE)) != 0 || (wanted & Rights.WRITE) != 0, Errno.ISDIR);
            return new OpenDirectory(files, directory, wanted, wantedInheriting);
        }
        refuse((how & MUST_BE_DIRECTORY) != 0, Errno.NOTDIR);
        var file = exists ? (FileNode) found.get() : create(place);
        if ((how & TRUNCATE) != 0) {
            file.resize(0);
        }
        return new OpenFile(file, wanted, flags);
    }

    private FileNode create(Place place) throws ErrnoException {
        var file = files.newFile();
        file.named();
        place.put(file);
        return file;
    }

    void createDirectory(Place place) throws ErrnoException {
        refuse(place.find().isPresent(), Errno.EXIST);
        place.put(files.newDirectory());
    }

    void removeDirectory(Place place) throws ErrnoException {
        if (!(place.node() instanceof DirectoryNode directory)) {
            throw new ErrnoException(Errno.NOTDIR);
        }
        refuse(place.name().isEmpty(), Errno.INVAL);
        refuse(!directory.entries().isEmpty(), Errno.NOTEMPTY);
        place.remove();
        directory.removed();
        files.forget(0);
    }

    static void unlink(Place place) throws ErrnoException {
        if (!(place.node() instanceof FileNode file)) {
            throw new ErrnoException(Errno.ISDIR);
        }
        place.remove();
        file.unnamed();
    }

    /** Gives a file another name, beside the one it has. */
    void link(Place from, Place to) throws ErrnoException {
        if (!(from.node() instanceof FileNode file)) {
            throw new ErrnoException(Errno.PERM);
        }
        refuse(to.find().isPresent(), Errno.EXIST);
        refuse(to.slashed(), Errno.NOENT);
        files.newName();
        to.put(file);
        file.named();
    }

    /** What has the new name already is replaced, if it is of the same kind; a directory only when it is empty. */
    void rename(Place from, Place to) throws ErrnoException {
        var moved = from.node();
        var there = to.find();
        if (there.isPresent() && there.get() == moved) {
            return;
        }
        refuse(from.name().isEmpty() || to.name().isEmpty(), Errno.INVAL);
        refuse(to.directory().isWithin(moved), Errno.INVAL);
        var isFile = moved instanceof FileNode;
        refuse(isFile && to.slashed(), Errno.NOTDIR);
        if (there.isPresent()) {
            refuse(isFile && there.get() instanceof DirectoryNode, Errno.ISDIR);
            refuse(!isFile && there.get() instanceof FileNode, Errno.NOTDIR);
            if (isFile) {
                unlink(to);
            } else {
                removeDirectory(to);
            }
        }
        to.put(moved);
        from.remove();
    }

    private static void refuse(boolean wrong, int errno) throws ErrnoException {
        if (wrong) {
            throw new ErrnoException(errno);
        }
    }
}
