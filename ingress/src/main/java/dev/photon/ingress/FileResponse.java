package dev.photon.ingress;

import dev.photon.registry.AssetFile;
import dev.photon.registry.Manifest;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;

/**
 * A static file as the answer to GET or HEAD (RFC 9110): negotiated, conditional, in parts. On the request's event loop.
 *
 * @param status 200, or 404 for the page that says that nothing is there; conditions and ranges are for 200 alone
 */
record FileResponse(OpenSite site, HotFiles hot, AssetFile file, int status, Manifest manifest) {
    private static final CharSequence RANGE = HttpHeaders.createOptimized("range");

    /** What was sent. */
    record Sent(int status, long bytes, Future<Void> done) {}

    Sent send(HttpServerRequest request) {
        var response = request.response();
        var head = site.head(file);
        var coding = coding(head, request.headers(), response);
        var chosen = coding.flatMap(token -> site.beside(file, token)).orElse(file);
        var tag = coding.isPresent() ? site.head(chosen).entityTag() : head.entityTag();
        describe(response.headers(), head, tag, coding);
        if (status != 200) {
            return body(request, chosen, status, new ByteRange.Whole());
        }
        return switch (Preconditions.of(request.headers(), tag)) {
            case NOT_MODIFIED -> empty(response, 304);
            case FAILED -> empty(response, 412);
            case PROCEED -> body(request, chosen, 200, range(request, chosen, tag));
        };
    }

    private static Optional<ContentCoding> coding(OpenSite.Head head, MultiMap fields, HttpServerResponse response) {
        if (head.codings().isEmpty()) {
            return Optional.empty();
        }
        response.headers().add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        return ContentCoding.choose(fields.getAll(HttpHeaders.ACCEPT_ENCODING), head.codings());
    }

    private void describe(MultiMap fields, OpenSite.Head head, String tag, Optional<ContentCoding> coding) {
        fields.set(HttpHeaders.CONTENT_TYPE, head.contentType());
        fields.set(HttpHeaders.ETAG, tag);
        fields.set(HttpHeaders.ACCEPT_RANGES, "bytes");
        fields.set(Http.VERSION, manifest.version());
        fields.set("x-content-type-options", "nosniff");
        fields.set(HttpHeaders.CACHE_CONTROL, status == 200 ? freshness(head) : "no-store");
        coding.ifPresent(chosen -> fields.set(HttpHeaders.CONTENT_ENCODING, chosen.token()));
    }

    private String freshness(OpenSite.Head head) {
        return manifest.auth() == Manifest.Auth.PUBLIC ? head.forEverybody() : head.forKeys();
    }

    private static ByteRange range(HttpServerRequest request, AssetFile chosen, String tag) {
        return request.method().equals(HttpMethod.GET) && Preconditions.rangeCounts(request.headers(), tag)
                ? ByteRange.of(Optional.ofNullable(request.getHeader(RANGE)), chosen.size())
                : new ByteRange.Whole();
    }

    private Sent body(HttpServerRequest request, AssetFile chosen, int fullStatus, ByteRange range) {
        var response = request.response();
        return switch (range) {
            case ByteRange.Whole whole -> body(request, chosen, fullStatus, 0, chosen.size());
            case ByteRange.Part part -> {
                response.putHeader(HttpHeaders.CONTENT_RANGE, part.contentRange(chosen.size()));
                yield body(request, chosen, 206, part.first(), part.length());
            }
            case ByteRange.Unsatisfiable none -> {
                response.putHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + chosen.size());
                yield empty(response, 416);
            }
        };
    }

    private Sent body(HttpServerRequest request, AssetFile chosen, int sentStatus, long first, long length) {
        var response = request.response().setStatusCode(sentStatus);
        if (request.method().equals(HttpMethod.HEAD) || length == 0) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
            return new Sent(sentStatus, 0, response.end());
        }
        var sending = hot.copy(site, chosen)
                .map(copy -> response.end(copy.slice((int) first, (int) (first + length))))
                .orElseGet(() -> response.sendFile(site.bundle(chosen), chosen.offset() + first, length));
        return new Sent(sentStatus, length, sending);
    }

    private static Sent empty(HttpServerResponse response, int status) {
        if (status != 304) {
            // These are of the representation, which this answer does not have.
            response.headers().remove(HttpHeaders.CONTENT_TYPE).remove(HttpHeaders.CONTENT_ENCODING);
        }
        return new Sent(status, 0, response.setStatusCode(status).end());
    }
}
