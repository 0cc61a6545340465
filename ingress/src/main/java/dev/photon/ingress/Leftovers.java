package dev.photon.ingress;

import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a client goes on sending after it was refused. A little is dropped, so that its connection can be used again; for
 * more the connection is closed, after a moment in which the refusal can be read. In HTTP/2 only the request's own stream
 * ends, at once, as RFC 9113, section 8.1, provides.
 */
final class Leftovers {
    private static final long DROPPED_BYTES = 16 << 20;
    private static final long LINGER_MILLIS = 1_000;

    private Leftovers() {}

    /** Called on the request's event loop, after the answer was sent. */
    static void drop(HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset(Http2Error.NO_ERROR.code());
            return;
        }
        var dropped = new AtomicLong();
        request.handler(part -> {
            if (dropped.addAndGet(part.length()) > DROPPED_BYTES) {
                request.handler(more -> {});
                request.pause();
                Vertx.currentContext()
                        .owner()
                        .setTimer(LINGER_MILLIS, late -> request.connection().close());
            }
        });
        request.resume();
    }
}
