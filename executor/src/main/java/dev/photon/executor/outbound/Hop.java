package dev.photon.executor.outbound;

import dev.photon.executor.outbound.OutboundResult.Kind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One request on its way to one server.
 *
 * @param method in upper case
 * @param number of redirects that led here
 */
record Hop(Destination to, String method, RequestHeaders headers, Buffer body, int number) {
    private static final int MOST_REDIRECTS = 5;
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Z-]{1,32}");
    /** They do not fetch anything, and are no method that {@code fetch} sends. */
    private static final Set<String> NEVER = Set.of("CONNECT", "TRACE");

    private static final Set<String> WITH_BODY = Set.of("PATCH", "POST", "PUT");

    /**
     * @param index of the call in its run
     */
    static Hop first(OutboundRequest request, Cause cause, int index) throws CallFailed {
        var method = request.method().toUpperCase(Locale.ROOT);
        if (!TOKEN.matcher(method).matches() || NEVER.contains(method)) {
            throw new CallFailed(Kind.BAD_REQUEST, "the method is none that can be sent");
        }
        return new Hop(
                Destination.parse(request.url()),
                method,
                RequestHeaders.of(request.headers(), cause.traceparent(), cause.idempotencyKey(method, index)),
                Buffer.buffer(request.body()),
                0);
    }

    /** Where a server's redirect leads (Fetch standard, section 4.4; RFC 9110, section 15.4). */
    Hop redirected(int status, String location) throws CallFailed {
        if (number == MOST_REDIRECTS) {
            throw new CallFailed(Kind.TOO_MANY_REDIRECTS, "there were more than " + MOST_REDIRECTS + " redirects");
        }
        var next = to.resolve(location);
        var seen = next.origin().equals(to.origin()) ? headers : headers.withoutCredentials();
        return losesBody(status)
                ? new Hop(next, "GET", seen.withoutContent(), Buffer.buffer(), number + 1)
                : new Hop(next, method, seen, body, number + 1);
    }

    private boolean losesBody(int status) {
        return switch (status) {
            case 301, 302 -> method.equals("POST");
            case 303 -> !method.equals("GET") && !method.equals("HEAD");
            default -> false;
        };
    }

    /** An empty body has a length only where the method makes one expected (RFC 9110, section 8.6). */
    Optional<Buffer> content() {
        return body.length() > 0 || WITH_BODY.contains(method) ? Optional.of(body) : Optional.empty();
    }

    RequestOptions options() {
        return new RequestOptions()
                .setMethod(HttpMethod.valueOf(method))
                .setSsl(to.secure())
                .setHost(to.host().text())
                .setPort(to.port())
                .setURI(to.target())
                .setHeaders(headers.toVertx());
    }
}
