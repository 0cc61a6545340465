package dev.photon.ingress;

import dev.photon.protocol.EventCodec;
import dev.photon.protocol.Header;
import dev.photon.protocol.RequestFields;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
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

    /** Whether the call whose answer is asked for is over. */
    static final CharSequence RESULT = HttpHeaders.createOptimized("photon-result");

    /** The region that answered, where there are several. */
    static final CharSequence REGION = HttpHeaders.createOptimized("photon-region");

    /** Of an answer to a call that came from another region: it was refused before anything of it ran. */
    static final CharSequence NOT_RUN = HttpHeaders.createOptimized("photon-not-run");

    /** Of an answer to a call that came from another region: it failed, through no fault of caller or function. */
    static final CharSequence UNANSWERED = HttpHeaders.createOptimized("photon-unanswered");

    /** Of an answer to a call that came from another region: its body is in {@link Frames}. */
    static final CharSequence FRAMED = HttpHeaders.createOptimized("photon-framed");

    /** Of a call that comes from another region: see {@link Hop}. */
    static final String FORWARDED = RequestFields.FORWARDED;

    static final String CONTINUE = "100-continue";

    /** What was taken from the front of the path that a function sees; {@code /} for nothing. */
    static final String FORWARDED_PREFIX = RequestFields.FORWARDED_PREFIX;

    /** What a function gets to see at most; each becomes one of its variables. */
    static final int MAX_FIELDS = RequestFields.MOST;

    /** HTTP/2 does not have these (RFC 9113, section 8.2.2), and in HTTP/1.1 they are ours. */
    private static final Set<String> NOT_ANSWERED = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "photon-region",
            "photon-result",
            "photon-not-run",
            "photon-unanswered",
            "photon-framed");

    /** What a request cannot do without is not of one connection, whatever its Connection field says. */
    private static final Set<String> OF_ALL = Set.of("host", "content-length", "authorization");

    private static final char DELETE = 0x7f;

    private Http() {}

    /** The fields that the function gets to see, names in lower case; {@code host} also where HTTP/2 has none. */
    static List<Header> forwarded(HttpServerRequest request) {
        return withHost(request, forwarded(request.headers()));
    }

    /** The fields that another region's ingress gets to see, so that it understands the request as we did. */
    static List<Header> passedOn(HttpServerRequest request) {
        return withHost(request, passedOn(request.headers()));
    }

    private static List<Header> withHost(HttpServerRequest request, List<Header> headers) {
        if (request.version() == HttpVersion.HTTP_2 && !request.headers().contains(HttpHeaders.HOST)) {
            var authority = request.authority();
            if (authority != null) {
                headers.add(new Header("host", authority.toString()));
            }
        }
        return headers;
    }

    /** Whether a function may answer with this field. */
    static boolean isAnswered(String name) {
        return !NOT_ANSWERED.contains(name.toLowerCase(Locale.ROOT));
    }

    /** The same, of what stands among the fields. */
    static List<Header> forwarded(MultiMap fields) {
        var forwarded = without(RequestFields.NOT_FORWARDED, fields);
        forwarded.removeIf(field -> EventCodec.isOwn(field.name()));
        return forwarded;
    }

    /** What another connection gets to see of the fields of a request or an answer. */
    static List<Header> passedOn(MultiMap fields) {
        return without(RequestFields.OF_CONNECTION, fields);
    }

    private static List<Header> without(Set<String> dropped, MultiMap fields) {
        var headers = new ArrayList<Header>();
        var ofConnection = ofConnection(fields);
        for (var field : fields) {
            var name = field.getKey().toLowerCase(Locale.ROOT);
            if (!dropped.contains(name) && !ofConnection.contains(name)) {
                headers.add(new Header(name, field.getValue()));
            }
        }
        return headers;
    }

    /** What the client's Connection fields name goes no further than that connection. */
    private static Set<String> ofConnection(MultiMap fields) {
        if (!fields.contains(HttpHeaders.CONNECTION)) {
            return Set.of();
        }
        return fields.getAll(HttpHeaders.CONNECTION).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !OF_ALL.contains(name))
                .collect(Collectors.toSet());
    }

    /** 204 and 304 (RFC 9110, sections 15.3.5 and 15.4.5), whatever the function wrote. */
    static boolean hasNoContent(int status) {
        return status == 204 || status == 304;
    }

    /** RFC 9113, section 8.3.1, wants what RFC 3986 allows; our parser of HTTP/2 takes anything. */
    static boolean isAllowed(String uri) {
        for (int i = 0; i < uri.length(); i++) {
            var character = uri.charAt(i);
            if (character <= ' ' || character == DELETE) {
                return false;
            }
        }
        return true;
    }

    /** Bytes of the body, by what the client says; -1 when it says nothing, or nonsense. */
    static long length(HttpServerRequest request) {
        var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? -1 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Tells a client that asks whether it shall send the body that it shall (RFC 9110, section 10.1.1). */
    static void letContinue(HttpServerRequest request) {
        if (CONTINUE.equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))
                && request.version() != HttpVersion.HTTP_1_0) {
            request.response().writeContinue();
        }
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
