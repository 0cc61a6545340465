package dev.photon.ingress;

import dev.photon.ingress.overflow.OtherRegion;
import io.vertx.core.Vertx;

/**
 * Looks whether a region still takes calls, while one waits there for its answer: when it does not, that call may be lost
 * with its log. One probe says little, however often it is looked at. Confined to the request's event loop.
 */
final class LossWatch {
    private final OtherRegion region;
    private final Runnable lost;
    /** So many probes in a row found that the region takes none. */
    private int closed;
    /** How many there were when it was last looked. */
    private long probes = -1;

    private LossWatch(OtherRegion region, Runnable lost) {
        this.region = region;
        this.lost = lost;
    }

    /**
     * @param lost called at each look from the second probe on that finds it so
     * @return the timer, which is to be cancelled when nobody waits any more
     */
    static long begin(Vertx vertx, OtherRegion region, long everyMillis, Runnable lost) {
        var watch = new LossWatch(region, lost);
        return vertx.setPeriodic(everyMillis, look -> watch.look());
    }

    private void look() {
        var now = region.probes();
        if (region.isOpen()) {
            closed = 0;
        } else if (now != probes) {
            closed++;
        }
        probes = now;
        if (closed > 1) {
            lost.run();
        }
    }
}
