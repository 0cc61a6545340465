package dev.photon.executor.outbound;

import dev.photon.executor.outbound.OutboundResult.Kind;
import dev.photon.protocol.Header;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The headers of a guest's request, as far as they are sent. Immutable. */
final class RequestHeaders {
    static final int MOST = 100;
    static final int MOST_CHARACTERS = 32 << 10;

    private static final String TRACEPARENT = "traceparent";
    private static final String IDEMPOTENCY_KEY = "idempotency-key";
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9a-z-]+");
    /** RFC 9110, section 5.5. Characters beyond one byte could turn into a line break on the wire. */
    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");
    /** W3C Trace Context, section 3.2. */
    private static final Pattern TRACE = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    /** They say how a message travels over one connection (RFC 9110, section 7.6.1), so the client writes them. */
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "http2-settings",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final Set<String> CREDENTIALS = Set.of("authorization", "cookie");

    private final List<Header> fields;

    private RequestHeaders(List<Header> fields) {
        this.fields = fields;
    }

    /**
     * Checks what a guest wants to send and leaves out what is not for it to say.
     *
     * @param traceparent of the run; a guest's own counts more
     * @param idempotencyKey of the call; a guest's own counts more
     */
    static RequestHeaders of(List<Header> wanted, Optional<String> traceparent, Optional<String> idempotencyKey)
            throws CallFailed {
        if (wanted.size() > MOST) {
            throw bad("there are more than " + MOST + " headers");
        }
        var fields = new ArrayList<Header>();
        var characters = 0;
        for (var header : wanted) {
            var name = header.name().toLowerCase(Locale.ROOT);
            if (!NAME.matcher(name).matches()) {
                throw bad("a header's name has characters that are not allowed");
            }
            if (!VALUE.matcher(header.value()).matches()) {
                throw bad("the value of header " + name + " has characters that are not allowed");
            }
            characters += name.length() + header.value().length();
            if (!isOfTheConnection(name)) {
                fields.add(new Header(name, header.value()));
            }
        }
        if (characters > MOST_CHARACTERS) {
            throw bad("the headers have more than " + MOST_CHARACTERS + " characters");
        }
        var headers = new RequestHeaders(fields);
        traceparent
                .filter(text -> TRACE.matcher(text).matches() && !headers.has(TRACEPARENT))
                .ifPresent(text -> fields.add(new Header(TRACEPARENT, text)));
        idempotencyKey
                .filter(key -> !headers.has(IDEMPOTENCY_KEY))
                .ifPresent(key -> fields.add(new Header(IDEMPOTENCY_KEY, key)));
        return headers;
    }

    private static CallFailed bad(String reason) {
        return new CallFailed(Kind.BAD_REQUEST, reason);
    }

    static boolean isOfTheConnection(String name) {
        return OF_THE_CONNECTION.contains(name) || name.startsWith("proxy-");
    }

    private boolean has(String name) {
        return fields.stream().anyMatch(field -> field.name().equals(name));
    }

    /** Those that another origin may see. */
    RequestHeaders withoutCredentials() {
        return new RequestHeaders(fields.stream()
                .filter(field -> !CREDENTIALS.contains(field.name()))
                .toList());
    }

    /** Those of a request that has lost its body (Fetch standard, section 2.2.2). */
    RequestHeaders withoutContent() {
        return new RequestHeaders(fields.stream()
                .filter(field -> !field.name().startsWith("content-"))
                .toList());
    }

    MultiMap toVertx() {
        var headers = HttpHeaders.headers();
        fields.forEach(field -> headers.add(field.name(), field.value()));
        return headers;
    }
}
