package dev.photon.ingress;

import dev.photon.protocol.Header;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The HTTP names that several classes here share. */
final class Http {
    static final CharSequence INVOCATION_ID = HttpHeaders.createOptimized("photon-invocation-id");
    static final CharSequence VERSION = HttpHeaders.createOptimized("photon-version");

    /** Fields of one connection (RFC 9110, section 7.6.1), which go no further, and credentials, which are for us. */
    private static final Set<String> NOT_FORWARDED = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "expect",
            "authorization",
            "content-length",
            "traceparent");

    private Http() {}

    /** The fields that the function gets to see, names in lower case. */
    static List<Header> forwarded(MultiMap fields) {
        var headers = new ArrayList<Header>(fields.size());
        var ofConnection = ofConnection(fields);
        for (var field : fields) {
            var name = field.getKey().toLowerCase(Locale.ROOT);
            if (!NOT_FORWARDED.contains(name) && !ofConnection.contains(name)) {
                headers.add(new Header(name, field.getValue()));
            }
        }
        return headers;
    }

    /** What the client's Connection fields name goes no further than that connection. */
    private static Set<String> ofConnection(MultiMap fields) {
        var values = fields.getAll(HttpHeaders.CONNECTION);
        if (values.isEmpty()) {
            return Set.of();
        }
        return values.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    /** Whether the client takes what a deletion brings with it. */
    static boolean isForced(HttpServerRequest request) {
        return "true".equals(request.getParam("force"));
    }

    /** A JSON array or object as the answer. */
    static void json(HttpServerResponse response, int status, Object body) {
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        response.end(body.toString());
    }
}
