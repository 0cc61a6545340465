package dev.photon.ingress;

import dev.photon.protocol.Reply;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * A response whose body comes in pieces. It ends as HTTP wants it only when all of the body came; otherwise its
 * connection, or its stream of HTTP/2, is closed, so that the client knows. Confined to its event loop.
 */
final class StreamedResponse implements AnswerStream.Client {
    /** RFC 9113, section 7. */
    private static final long INTERNAL_ERROR = 2;

    private final HttpServerRequest request;
    private final Over over;
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

    StreamedResponse(HttpServerRequest request, Over over) {
        this.request = request;
        this.over = over;
        request.response().setChunked(true);
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
        return request.response().write(Buffer.buffer(bytes)).onSuccess(sent -> written += bytes.length);
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
