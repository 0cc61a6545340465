package dev.photon.ingress;

import io.vertx.core.Vertx;

/**
 * How long the answer to a forwarded call is still wanted. Time counts while it is another region that we wait for; a
 * client that is slow is the listener's to end. Confined to the request's event loop.
 */
final class Patience {
    private final Vertx vertx = Vertx.currentContext().owner();
    private final long millis;
    private final ForwardedBody body;
    private final Runnable late;
    /** For regions that were asked before. */
    private long spent;

    private long timer;

    /**
     * @param millis from when the body was passed on
     * @param late called when they are over
     */
    Patience(long millis, ForwardedBody body, Runnable late) {
        this.millis = millis;
        this.body = body;
        this.late = late;
    }

    void begin() {
        timer = vertx.setTimer(leftMillis(), now -> {
            if (millis - spent - body.waitedMillis() > 0) {
                begin();
            } else {
                late.run();
            }
        });
    }

    /** At least 1. */
    long leftMillis() {
        return Math.max(1, millis - spent - body.waitedMillis());
    }

    /** What was waited for the region that was asked last, the next one does not have. */
    void spend() {
        spent += body.waitedMillis();
    }

    void end() {
        vertx.cancelTimer(timer);
    }
}
