package dev.photon.executor.wasm;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A share that several use: it is given back when the last of them has left. Who made it is the first. Thread-safe.
 */
final class Lease {
    private final HostShare share;
    private final AtomicInteger users = new AtomicInteger(1);

    Lease(HostShare share) {
        this.share = share;
    }

    /**
     * @return false when all have left already; otherwise who asks leaves some time
     */
    boolean enter() {
        return users.getAndUpdate(now -> now == 0 ? 0 : now + 1) > 0;
    }

    /** Once for each that entered, and once for who made it. */
    void leave() {
        if (users.decrementAndGet() == 0) {
            share.close();
        }
    }
}
