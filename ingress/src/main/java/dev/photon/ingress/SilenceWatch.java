package dev.photon.ingress;

import dev.photon.ingress.overflow.OtherRegion;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * A stream may say nothing for long; but when its signs of life end, or it has none and its region says nothing at all,
 * nobody waits for the rest. Confined to the request's event loop.
 */
final class SilenceWatch {
    private final OtherRegion region;
    private final ForwardedAnswer answer;
    private final long silenceMillis;
    /** How often in a row the region was found unreachable while its answer came. */
    private int away;

    private SilenceWatch(OtherRegion region, ForwardedAnswer answer, Duration silence) {
        this.region = region;
        this.answer = answer;
        this.silenceMillis = silence.toMillis();
    }

    /**
     * @return the timer, which is to be cancelled when the answer is over
     */
    static long begin(Vertx vertx, OtherRegion region, ForwardedAnswer answer, Duration silence) {
        var watch = new SilenceWatch(region, answer, silence);
        return vertx.setPeriodic(Math.max(1, watch.silenceMillis / 4), look -> watch.look());
    }

    private void look() {
        away = region.isReachable() ? 0 : away + 1;
        // Calls that failed count, too, until the next probe is answered.
        if (answer.showsLife() || away > 1) {
            answer.endAfter(silenceMillis);
        }
    }
}
