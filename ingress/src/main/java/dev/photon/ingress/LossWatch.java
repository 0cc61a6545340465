package dev.photon.ingress;

import dev.photon.ingress.overflow.OtherRegion;
import io.vertx.core.Vertx;

/**
 * Looks whether a region still takes calls, while one waits there for its answer: when it does not, that call may be lost
 * with its log. Confined to the request's event loop.
 */
final class LossWatch {
    private final OtherRegion region;
    private final Runnable lost;
    /** How often in a row the region took none. */
    private int closed;

    private LossWatch(OtherRegion region, Runnable lost) {
        this.region = region;
        this.lost = lost;
    }

    /**
     * @param lost called at each look from the second on that finds it so
     * @return the timer, which is to be cancelled when nobody waits any more
     */
    static long begin(Vertx vertx, OtherRegion region, long everyMillis, Runnable lost) {
        var watch = new LossWatch(region, lost);
        return vertx.setPeriodic(everyMillis, look -> watch.look());
    }

    private void look() {
        closed = region.isOpen() ? 0 : closed + 1;
        if (closed > 1) {
            lost.run();
        }
    }
}
