package dev.photon.executor.wasm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The instances of one module that wait for their next request. There are as many as requests were handled at once; the
 * one that came last is taken first, so that those beyond the demand lie still, and those that lay still from one sweep
 * to the next are closed, down to how many are to be kept. All are when somebody waits for memory. Thread-safe.
 */
final class InstancePool implements MemoryPool.Idle {
    /** As many as guests may reasonably run at once. */
    private static final int MAX_IDLE = 64;

    private static final int SWEEP_SECONDS = 5;
    private static final int KEPT_SWEEPS = 2;

    private final MemoryPool memories;
    private final Executor later;
    private final ArrayDeque<HandlerInstance> idle = new ArrayDeque<>();
    /** The fewest that were idle at once since the last sweep. */
    private int untouched;

    private boolean sweeping;

    /** Of those that must not be swept. */
    private final Map<Version, Kept> kept = new HashMap<>();

    private record Version(String function, String version) {
        static Version of(HandlerInstance.Owner owner) {
            return new Version(owner.function(), owner.version());
        }
    }

    /**
     * @param least how many wait at least
     * @param sweeps after so many it does not count any more
     */
    private record Kept(HandlerInstance.Owner owner, int least, int sweeps) {
        Kept swept() {
            return new Kept(owner, least, sweeps - 1);
        }
    }

    InstancePool(MemoryPool memories) {
        this(memories, CompletableFuture.delayedExecutor(SWEEP_SECONDS, TimeUnit.SECONDS));
    }

    /**
     * @param memories what the instances' memories are of; drops the instances when it is short
     * @param later runs sweeps, a while after it is told to
     */
    InstancePool(MemoryPool memories, Executor later) {
        this.memories = memories;
        this.later = later;
        memories.mayDrop(this);
    }

    synchronized Optional<HandlerInstance> take(HandlerInstance.Owner owner) {
        for (var next = idle.iterator(); next.hasNext(); ) {
            var instance = next.next();
            if (instance.owner().equals(owner)) {
                next.remove();
                untouched = Math.min(untouched, idle.size());
                return Optional.of(instance);
            }
        }
        return Optional.empty();
    }

    /** Keeps the instance, or closes it. */
    void give(HandlerInstance instance) {
        if (!keep(instance)) {
            instance.close();
        }
    }

    /** Who waits for memory is counted first and drops what is here next, so that it misses none. */
    private synchronized boolean keep(HandlerInstance instance) {
        if (!hasRoom()) {
            return false;
        }
        idle.addFirst(instance);
        if (!sweeping) {
            sweepLater();
        }
        return true;
    }

    /** Whether one more would be kept. */
    synchronized boolean hasRoom() {
        return idle.size() < MAX_IDLE && !memories.isAwaited();
    }

    /**
     * Does not sweep so many of this owner, for some 10 s unless that is said again; what was said of its version before
     * does not count any more.
     */
    synchronized void keepAtLeast(HandlerInstance.Owner owner, int least) {
        kept.put(Version.of(owner), new Kept(owner, least, KEPT_SWEEPS));
    }

    /** How many wait for this owner. */
    synchronized int count(HandlerInstance.Owner owner) {
        return (int)
                idle.stream().filter(instance -> instance.owner().equals(owner)).count();
    }

    /** How many of a version wait. */
    synchronized int count(String function, String version) {
        var wanted = new Version(function, version);
        return (int) idle.stream()
                .filter(instance -> Version.of(instance.owner()).equals(wanted))
                .count();
    }

    private void sweepLater() {
        untouched = idle.size();
        sweeping = !idle.isEmpty();
        if (sweeping) {
            later.execute(this::sweep);
        }
    }

    private void sweep() {
        close(swept());
    }

    private synchronized List<HandlerInstance> swept() {
        kept.replaceAll((version, instances) -> instances.swept());
        kept.values().removeIf(instances -> instances.sweeps() < 0);
        var swept = new ArrayList<HandlerInstance>(untouched);
        for (var last = idle.descendingIterator(); untouched > 0; untouched--) {
            var instance = last.next();
            if (!isKept(instance.owner())) {
                last.remove();
                swept.add(instance);
            }
        }
        sweepLater();
        return swept;
    }

    private boolean isKept(HandlerInstance.Owner owner) {
        var least = kept.get(Version.of(owner));
        return least != null && least.owner().equals(owner) && count(owner) <= least.least();
    }

    /** Keeps none any more, and closes all. */
    void dropAll() {
        synchronized (this) {
            kept.clear();
        }
        drop();
    }

    /** Closes all of them. */
    @Override
    public void drop() {
        close(drained());
    }

    private synchronized List<HandlerInstance> drained() {
        var drained = List.copyOf(idle);
        idle.clear();
        untouched = 0;
        return drained;
    }

    /** Outside of the lock: who gives back memory while others wait for it drops what lies idle in other pools. */
    private static void close(List<HandlerInstance> instances) {
        instances.forEach(HandlerInstance::close);
    }
}
