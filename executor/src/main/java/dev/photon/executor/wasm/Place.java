package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;

/**
 * Where a path leads: a name in a directory, which need not be there.
 *
 * @param name empty for the directory itself
 * @param slashed whether only a directory is meant
 */
record Place(DirectoryNode directory, String name, boolean slashed) {
    private static final int MAX_PATH_BYTES = 4_096;
    private static final int MAX_NAME_BYTES = 255;

    /** Reads a path, in UTF-8, out of the guest's memory and follows it. */
    static Place of(DirectoryNode start, LinearMemory memory, int address, int length) throws ErrnoException {
        if (Integer.compareUnsigned(length, MAX_PATH_BYTES) > 0) {
            throw new ErrnoException(Errno.NAMETOOLONG);
        }
        try {
            var path = UTF_8.newDecoder().decode(ByteBuffer.wrap(memory.readBytes(address, length)));
            return follow(start, path.toString());
        } catch (CharacterCodingException e) {
            throw new ErrnoException(Errno.ILSEQ);
        }
    }

    /** The last name of a path is not looked up; those before it must be directories, at or below the start. */
    static Place follow(DirectoryNode start, String path) throws ErrnoException {
        if (path.startsWith("/")) {
            throw new ErrnoException(Errno.NOTCAPABLE);
        }
        if (path.isEmpty()) {
            throw new ErrnoException(Errno.NOENT);
        }
        var place = new Place(start, "", true);
        for (var name : path.split("/", -1)) {
            place = switch (name) {
                case "", "." -> new Place(place.directory, place.name, true);
                case ".." -> place.up(start);
                default -> new Place(place.enter(), checked(name), false);
            };
        }
        return place;
    }

    private static String checked(String name) throws ErrnoException {
        if (name.getBytes(UTF_8).length > MAX_NAME_BYTES) {
            throw new ErrnoException(Errno.NAMETOOLONG);
        }
        if (name.indexOf('\0') >= 0) {
            throw new ErrnoException(Errno.INVAL);
        }
        return name;
    }

    private Place up(DirectoryNode start) throws ErrnoException {
        var from = enter();
        if (from == start) {
            throw new ErrnoException(Errno.NOTCAPABLE);
        }
        return new Place(from.parent(), "", true);
    }

    private DirectoryNode enter() throws ErrnoException {
        if (node() instanceof DirectoryNode found) {
            return found;
        }
        throw new ErrnoException(Errno.NOTDIR);
    }

    Optional<Node> find() throws ErrnoException {
        var found = name.isEmpty() ? Optional.<Node>of(directory) : directory.find(name);
        if (slashed && found.isPresent() && !(found.get() instanceof DirectoryNode)) {
            throw new ErrnoException(Errno.NOTDIR);
        }
        return found;
    }

    Node node() throws ErrnoException {
        return find().orElseThrow(() -> new ErrnoException(Errno.NOENT));
    }

    void put(Node node) throws ErrnoException {
        directory.put(name, node);
    }

    void remove() {
        directory.remove(name);
    }
}
