package dev.photon.ingress;

import dev.photon.protocol.Reply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;

/**
 * A response whose body comes in pieces. It ends as HTTP wants it only when all of the body came; otherwise its
 * connection, or its stream of HTTP/2, is closed, so that the client knows. Confined to its event loop.
 */
final class StreamedResponse implements AnswerStream.Client {
    /** RFC 9113, section 7. */
    private static final long INTERNAL_ERROR = 2;

    /** How often a stream for another region shows that it lives: several times in {@link Overflow#SILENCE}. */
    static final Duration SIGNS = Duration.ofSeconds(5);

    private final HttpServerRequest request;
    private final Over over;
    private final boolean framed;
    private long written;

    /** Hears one of these, once, unless the client goes away before. */
    interface Over {
        /**
         * @param bytes of the body, all of which the client was sent
         */
        void complete(long bytes);

        /**
         * @param bytes of the body that the client was sent
         */
        void broken(Reply.Failure reason, long bytes);
    }

    private StreamedResponse(HttpServerRequest request, Over over, boolean framed) {
        this.request = request;
        this.over = over;
        this.framed = framed;
        request.response().setChunked(true);
    }

    static StreamedResponse to(HttpServerRequest request, Over over) {
        return new StreamedResponse(request, over, false);
    }

    /**
     * One in {@link Frames}, for another region's ingress. Of one whose length is known no more comes than that, so it is as
     * any other.
     *
     * @param signs how often it shows that it lives
     */
    static StreamedResponse framed(HttpServerRequest request, Over over, Duration signs) {
        if (request.response().headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            return to(request, over);
        }
        // For caches between us, that keep it for nobody else.
        request.response().putHeader(Http.FRAMED, "1").headers().add(HttpHeaders.VARY, Http.FORWARDED);
        Frames.mark(request.response().headers());
        var framed = new StreamedResponse(request, over, true);
        framed.showLife(Vertx.currentContext().owner(), signs);
        return framed;
    }

    private void showLife(Vertx vertx, Duration signs) {
        var response = request.response();
        vertx.setPeriodic(signs.toMillis(), timer -> {
            if (response.closed() || response.ended()) {
                vertx.cancelTimer(timer);
            } else if (!response.writeQueueFull()) {
                response.write(Frames.signOfLife());
            }
        });
    }

    /** Bytes of the body that were sent so far. */
    long written() {
        return written;
    }

    @Override
    public Future<Void> write(byte[] bytes) {
        if (request.response().closed() || request.response().ended()) {
            return Future.failedFuture("the client is gone");
        }
        var part = framed ? Frames.of(bytes) : Buffer.buffer(bytes);
        return request.response().write(part).onSuccess(sent -> written += bytes.length);
    }

    @Override
    public void end() {
        if (request.response().closed()) {
            return;
        }
        request.response().end().onComplete(ended -> over.complete(written));
    }

    @Override
    public void broken(Reply.Failure reason) {
        over.broken(reason, written);
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset(INTERNAL_ERROR);
        } else {
            request.connection().close();
        }
    }
}
