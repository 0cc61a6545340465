package dev.photon.ingress;

import dev.photon.registry.AssetFile;
import dev.photon.registry.Manifest;
import dev.photon.registry.Site;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.MimeMapping;
import java.util.ArrayList;
import java.util.Optional;

/**
 * A static file as the answer to GET or HEAD (RFC 9110): negotiated, conditional, in parts. On the request's event loop.
 *
 * @param status 200, or 404 for the page that says that nothing is there; conditions and ranges are for 200 alone
 */
record FileResponse(Site site, AssetFile file, int status, Manifest manifest) {
    private static final CharSequence RANGE = HttpHeaders.createOptimized("range");

    /** What was sent. */
    record Sent(int status, long bytes, Future<Void> done) {}

    Sent send(HttpServerRequest request) {
        var response = request.response();
        var coding = coding(request.headers(), response);
        var chosen = coding.flatMap(this::beside).orElse(file);
        var tag = chosen.entityTag();
        describe(response.headers(), tag, coding);
        if (status != 200) {
            return body(request, chosen, status, new ByteRange.Whole());
        }
        return switch (Preconditions.of(request.headers(), tag)) {
            case NOT_MODIFIED -> empty(response, 304);
            case FAILED -> empty(response, 412);
            case PROCEED -> body(request, chosen, 200, range(request, chosen, tag));
        };
    }

    private Optional<AssetFile> beside(ContentCoding coding) {
        return site.index().file(file.path() + coding.suffix());
    }

    private Optional<ContentCoding> coding(MultiMap fields, HttpServerResponse response) {
        var there = new ArrayList<ContentCoding>();
        for (var coding : ContentCoding.values()) {
            if (beside(coding).isPresent()) {
                there.add(coding);
            }
        }
        if (there.isEmpty()) {
            return Optional.empty();
        }
        response.headers().add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        return ContentCoding.choose(fields.getAll(HttpHeaders.ACCEPT_ENCODING), there);
    }

    private void describe(MultiMap fields, String tag, Optional<ContentCoding> coding) {
        fields.set(
                HttpHeaders.CONTENT_TYPE,
                AssetFile.contentType(Optional.ofNullable(MimeMapping.mimeTypeForFilename(file.path()))));
        fields.set(HttpHeaders.ETAG, tag);
        fields.set(HttpHeaders.ACCEPT_RANGES, "bytes");
        fields.set(Http.VERSION, manifest.version());
        fields.set("x-content-type-options", "nosniff");
        var forEverybody = manifest.auth() == Manifest.Auth.PUBLIC;
        fields.set(
                HttpHeaders.CACHE_CONTROL,
                status == 200 ? Freshness.cacheControl(file.path(), forEverybody) : "no-store");
        coding.ifPresent(chosen -> fields.set(HttpHeaders.CONTENT_ENCODING, chosen.token()));
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
        var file = site.bundle(chosen).toString();
        return new Sent(sentStatus, length, response.sendFile(file, chosen.offset() + first, length));
    }

    private static Sent empty(HttpServerResponse response, int status) {
        if (status != 304) {
            // These are of the representation, which this answer does not have.
            response.headers().remove(HttpHeaders.CONTENT_TYPE).remove(HttpHeaders.CONTENT_ENCODING);
        }
        return new Sent(status, 0, response.setStatusCode(status).end());
    }
}
