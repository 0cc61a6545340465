package dev.photon.ingress;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/**
 * What was taken of a request's body before whoever reads it was known.
 *
 * @param whole whether there is no more of it
 */
record TakenBody(Buffer bytes, boolean whole) {
    static final TakenBody NOTHING = new TakenBody(Buffer.buffer(), false);

    boolean isNothing() {
        return !whole && bytes.length() == 0;
    }

    /**
     * Has all of the body read: what was taken, and then the rest as it comes. Called on the request's event loop.
     *
     * @param end called after the last part
     */
    void read(HttpServerRequest request, Handler<Buffer> part, Runnable end) {
        if (!whole) {
            request.handler(part);
            request.endHandler(ended -> end.run());
        }
        if (bytes.length() > 0) {
            part.handle(bytes);
        }
        if (whole) {
            end.run();
        } else if (!isNothing()) {
            request.resume();
        }
    }
}
