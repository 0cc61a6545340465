package dev.photon.ingress;

import dev.photon.protocol.ErrorKind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * An error as {@code application/problem+json} (RFC 9457).
 *
 * @param detail one sentence about this occurrence
 * @param invocationId of the call that failed, if there was one
 */
record Problem(ErrorKind kind, String detail, Optional<String> invocationId) {
    private static final String MEDIA_TYPE = "application/problem+json";
    private static final String RETRY_AFTER_SECONDS = "1";

    Problem(ErrorKind kind, String detail) {
        this(kind, detail, Optional.empty());
    }

    void send(HttpServerResponse response) {
        switch (kind) {
            case OVERLOADED, UNAVAILABLE -> send(response, true);
            default -> send(response, false);
        }
    }

    /** Of something that does not change when it is asked for again. */
    void sendForGood(HttpServerResponse response) {
        send(response, false);
    }

    private void send(HttpServerResponse response, boolean mayPass) {
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(kind.status()).putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE);
        invocationId.ifPresent(id -> response.putHeader(Http.INVOCATION_ID, id));
        if (kind == ErrorKind.UNAUTHORIZED) {
            response.putHeader("www-authenticate", "apikey realm=\"photon\"");
        }
        if (mayPass) {
            response.putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        response.end(body());
    }

    private Buffer body() {
        var body = new JsonObject()
                .put("type", "urn:photon:error:" + kind.code())
                .put("title", kind.title())
                .put("status", kind.status())
                .put("detail", detail);
        invocationId.ifPresent(id -> body.put("invocationId", id));
        return body.toBuffer();
    }

    /** As the whole last answer of an HTTP/1.1 connection, for when there is no request yet that it could answer. */
    Buffer asLastMessage() {
        var body = body();
        return Buffer.buffer("HTTP/1.1 %d %s\r\ncontent-type: %s\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
                        .formatted(kind.status(), kind.title(), MEDIA_TYPE, body.length()))
                .appendBuffer(body);
    }
}
