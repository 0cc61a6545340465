package dev.photon.ingress;

import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.TimeUnit;

/** A request under way, and how long we have waited for the rest of it. Confined to its event loop. */
final class UnderWay {
    private final HttpServerRequest request;
    private final Pace pace = new Pace();

    UnderWay(HttpServerRequest request) {
        this.request = request;
    }

    private boolean isHttp2() {
        return request.version() == HttpVersion.HTTP_2;
    }

    /** Whether nothing more comes or goes. In HTTP/2 a stream's end says so, elsewhere the bytes may still be on the way. */
    boolean isOver() {
        var response = request.response();
        return isHttp2() ? response.closed() : response.ended() && request.isEnded();
    }

    /** Whether the client of this HTTP/2 stream gives no room for the rest of its answer. */
    boolean isUnread() {
        var response = request.response();
        return isHttp2() && request.isEnded() && (response.ended() || response.writeQueueFull());
    }

    /**
     * Whether the client should have sent more by now.
     *
     * @param millis that went by since this was asked before
     */
    boolean isLate(Wire wire, int millis, int patience) {
        if (request.isEnded()) {
            return false;
        }
        if (isHeldUp(wire)) {
            pace.restart(request.bytesRead());
            return false;
        }
        return pace.isTooSlow(request.bytesRead(), millis, patience, 1);
    }

    /** Whether it is we who do not read on. */
    private boolean isHeldUp(Wire wire) {
        return isHttp2() ? wire.http2().map(this::hasUnconsumed).orElse(false) : wire.isHeldUp();
    }

    private boolean hasUnconsumed(Http2ConnectionHandler http2) {
        var stream = http2.connection().stream(request.streamId());
        return stream != null && http2.decoder().flowController().unconsumedBytes(stream) > 0;
    }

    boolean isAnswered() {
        return request.response().headWritten();
    }

    /** Ends an HTTP/2 stream, and no other: with an answer, if there is none yet. */
    void reset(Problem problem) {
        var response = request.response();
        if (!isAnswered()) {
            problem.send(response);
        }
        response.reset(response.ended() ? Http2Error.NO_ERROR.code() : Http2Error.CANCEL.code());
    }

    /**
     * Has its HTTP/1.1 connection end with its answer, and say so.
     *
     * @param millis after which it ends without one
     */
    void makeLast(int millis) {
        if (isHttp2() || request.response().ended()) {
            return;
        }
        if (!request.response().headWritten()) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        request.connection().shutdown(millis, TimeUnit.MILLISECONDS);
    }
}
