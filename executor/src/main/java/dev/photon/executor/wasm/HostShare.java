package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.Memory;
import dev.photon.executor.outbound.Room;

/**
 * What somebody makes this process keep on its heap beside linear memories: counted, in whole pages, in the budget that
 * those have. Closing gives all of it back, once. Thread-safe; takes a lock, so it is not for what every call does.
 */
final class HostShare implements Room, AutoCloseable {
    /** Of what a run needs for one thing, so much is not counted: there are no more runs than threads. */
    static final int UNCOUNTED = 64 << 10;

    private final MemoryPool pool;
    private final int uncounted;
    private long bytes;
    private int pages;
    private boolean closed;

    HostShare(MemoryPool pool) {
        this(pool, 0);
    }

    private HostShare(MemoryPool pool, int uncounted) {
        this.pool = pool;
        this.uncounted = uncounted;
    }

    /** One that ends with a run or before: what little most runs need is there, however full the budget is. */
    static HostShare ofRun(MemoryPool pool) {
        return new HostShare(pool, UNCOUNTED);
    }

    /** One of a budget that has no end. */
    static HostShare uncounted() {
        return new HostShare(new MemoryPool(Long.MAX_VALUE));
    }

    /** What lies idle in this process goes for it. */
    @Override
    public synchronized boolean take(long more) {
        return take(more, missing -> pool.reserve(missing, pages));
    }

    /** The same for what can be done without: only while there is enough for others. */
    synchronized boolean takeSpare(long more) {
        return take(more, pool::reserveSpare);
    }

    private interface Reservation {
        boolean of(int pages);
    }

    /** Nothing changes when the stack ends in here, or when it was closed. */
    private boolean take(long more, Reservation reservation) {
        var missing = pages(bytes + more) - pages;
        if (closed) {
            return false;
        }
        if (missing > 0) {
            StackRoom.require();
            if (!reservation.of(missing)) {
                return false;
            }
            pages += missing;
        }
        bytes += more;
        return true;
    }

    @Override
    public synchronized void give(long less) {
        bytes -= less;
        var spare = pages - pages(bytes);
        if (spare > 0) {
            pages -= spare;
            pool.release(spare);
        }
    }

    /** What is asked for from now on is refused. */
    @Override
    public synchronized void close() {
        closed = true;
        pool.release(pages);
        pages = 0;
        bytes = 0;
    }

    private int pages(long bytes) {
        var counted = Math.max(0, bytes - uncounted);
        return (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(counted, (long) Memory.PAGE_SIZE));
    }
}
