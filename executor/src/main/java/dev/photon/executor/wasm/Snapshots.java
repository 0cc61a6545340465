package dev.photon.executor.wasm;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the runs of one script start from; all of it goes when memory is short. Thread-safe. */
final class Snapshots implements MemoryPool.Idle {
    /** Functions may share an artifact, and give it variables of their own. */
    private static final int MOST = 16;

    private final Map<Key, Snapshot> kept = new HashMap<>();
    private boolean closed;

    /** What a snapshot depends on besides the source. */
    record Key(String function, Set<String> variables) {
        static Key of(Run run) {
            return new Key(run.request().function(), run.request().env().keySet());
        }
    }

    /**
     * What runs start from.
     *
     * @param topLevel the script's bytecode, which a run has yet to execute unless {@code complete}
     * @param lease of what it takes: this one's while it is kept, and that of each run which starts from it
     */
    record Snapshot(MemoryImage image, QuickJs.Place topLevel, boolean complete, Lease lease) {}

    /** Who gets it leaves its lease. */
    synchronized Optional<Snapshot> find(Key key) {
        return Optional.ofNullable(kept.get(key))
                .filter(snapshot -> snapshot.lease().enter());
    }

    synchronized boolean wants(Key key) {
        return !kept.containsKey(key) && kept.size() < MOST;
    }

    /** In place of one that another first run has made meanwhile. */
    synchronized void keep(Key key, Snapshot made) {
        if (closed || !made.lease().enter()) {
            return;
        }
        if (kept.size() >= MOST) {
            drop();
        }
        var before = kept.put(key, made);
        if (before != null) {
            before.lease().leave();
        }
    }

    /** Runs that have begun go on. */
    @Override
    public synchronized void drop() {
        kept.values().forEach(snapshot -> snapshot.lease().leave());
        kept.clear();
    }

    /** Drops all, and keeps none from now on. */
    synchronized void close() {
        closed = true;
        drop();
    }
}
