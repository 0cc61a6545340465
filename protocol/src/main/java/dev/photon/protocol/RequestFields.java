package dev.photon.protocol;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which header fields of a call a function gets to see, whichever way the call came. */
public final class RequestFields {
    /** What a function gets to see at most; each becomes one of its variables. */
    public static final int MOST = 200;

    /** Their names and values together, in bytes, as an ingress takes them. */
    public static final int MOST_BYTES = 16_384;

    /** Of method, path and query together, in bytes, as an ingress takes them. */
    public static final int MOST_LINE_BYTES = 8_192;

    /** Of a call that comes from another region. */
    public static final String FORWARDED = "photon-forwarded";

    /** What was taken from the front of the path that a function sees; {@code /} for nothing. */
    public static final String FORWARDED_PREFIX = "x-forwarded-prefix";

    /** Fields of one connection (RFC 9110, section 7.6.1), which go no further. */
    public static final Set<String> OF_CONNECTION = Set.of(
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
            FORWARDED);

    /** Those, credentials, which are for us, and what we say. */
    public static final Set<String> NOT_FORWARDED = Stream.concat(
                    OF_CONNECTION.stream(),
                    Stream.of("authorization", "content-length", "traceparent", FORWARDED_PREFIX))
            .collect(Collectors.toUnmodifiableSet());

    private RequestFields() {}
}
