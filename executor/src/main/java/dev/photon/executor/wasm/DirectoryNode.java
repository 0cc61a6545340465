package dev.photon.executor.wasm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A directory and the names in it, in the order of their making. */
final class DirectoryNode extends Node {
    /** Where a listing begins that has told of this directory and the one above. */
    static final long FIRST_COOKIE = 2;

    /**
     * @param cookie where a listing goes on behind this name; larger than those of older names, so that listings survive
     *     the removal of what they have told
     */
    record Entry(long cookie, Node node) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private Optional<DirectoryNode> parent = Optional.empty();
    private boolean removed;
    private long lastCookie = FIRST_COOKIE;

    DirectoryNode(long inode) {
        super(inode);
    }

    @Override
    byte type() {
        return Filestat.DIRECTORY;
    }

    @Override
    int links() {
        return removed ? 0 : 1;
    }

    @Override
    long size() {
        return 0;
    }

    /** The directory it is in; itself, when it is in none. */
    DirectoryNode parent() {
        return parent.orElse(this);
    }

    boolean isWithin(Node other) {
        var at = this;
        while (at != other && at.parent.isPresent()) {
            at = at.parent.get();
        }
        return at == other;
    }

    /** Not a copy. */
    Map<String, Entry> entries() {
        return entries;
    }

    Optional<Node> find(String name) {
        return Optional.ofNullable(entries.get(name)).map(Entry::node);
    }

    void put(String name, Node node) throws ErrnoException {
        if (removed) {
            throw new ErrnoException(Errno.NOENT);
        }
        entries.put(name, new Entry(++lastCookie, node));
        if (node instanceof DirectoryNode directory) {
            directory.parent = Optional.of(this);
        }
        modified();
    }

    void remove(String name) {
        entries.remove(name);
        modified();
    }

    /** Nothing may be put into it any more. */
    void removed() {
        removed = true;
    }
}
