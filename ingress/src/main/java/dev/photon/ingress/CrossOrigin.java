package dev.photon.ingress;

import dev.photon.protocol.ErrorKind;
import dev.photon.registry.CorsRules;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;

/**
 * What a browser is told about a request that a page of another origin makes (Fetch, section 3.3, "CORS protocol"). On
 * the request's event loop.
 */
record CrossOrigin(CorsRules rules, HttpServerRequest request) {
    private static final String FIELDS = "access-control-";
    private static final String ALL = "*";

    /** Whether a browser asks what it may do, and for whom it asks is no part of it: there are no credentials. */
    static boolean isPreflight(HttpServerRequest request) {
        return request.method().equals(HttpMethod.OPTIONS)
                && request.headers().contains(HttpHeaders.ORIGIN)
                && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    }

    /** Of the request that is, or that a browser asks about. */
    static String method(HttpServerRequest request) {
        return isPreflight(request)
                ? request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)
                : request.method().name();
    }

    /** Whether a function that has rules has no say in this field. */
    static boolean isOurs(String field) {
        return field.toLowerCase(Locale.ROOT).startsWith(FIELDS);
    }

    boolean isAllowed() {
        var origin = request.getHeader(HttpHeaders.ORIGIN);
        return origin != null && rules.allows(origin);
    }

    /** Says so, whatever the answer becomes. */
    void describe() {
        var fields = request.response().headers();
        if (!rules.allowsAll()) {
            fields.add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        }
        if (isAllowed()) {
            fields.set(
                    HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN,
                    rules.allowsAll() ? ALL : request.getHeader(HttpHeaders.ORIGIN));
            if (rules.credentials()) {
                fields.set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
            }
            if (!rules.exposed().isEmpty()) {
                fields.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, String.join(", ", rules.exposed()));
            }
        }
    }

    /** Answers what a browser may do; the function is not asked. */
    void answer() {
        if (!isAllowed()) {
            new Problem(ErrorKind.FORBIDDEN, "pages of this origin may not call the function").send(request.response());
            return;
        }
        var fields = request.response().headers();
        if (!rules.methods().isEmpty()) {
            fields.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, String.join(", ", rules.methods()));
        }
        if (!rules.headers().isEmpty()) {
            fields.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, String.join(", ", rules.headers()));
        }
        fields.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, Integer.toString(rules.maxAgeSeconds()));
        request.response().setStatusCode(204).end();
    }
}
