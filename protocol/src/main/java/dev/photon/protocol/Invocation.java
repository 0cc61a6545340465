package dev.photon.protocol;

import java.util.List;
import java.util.Optional;

/**
 * One request to run a function once.
 *
 * @param id unique among the invocations of its {@code source}; 128 random bits when an ingress made it
 * @param source who asks, a URI reference (CloudEvents 1.0, section "source")
 * @param deadline empty for events, which never expire
 * @param traceparent W3C Trace Context, as received
 * @param body the request's body, untouched; not copied, so not to be changed
 * @param pieces where the body lies when it does not fit the record; {@code body} is empty then
 * @param key of calls that are to run once, however often they are made
 */
public record Invocation(
        String id,
        String source,
        Target target,
        Optional<Deadline> deadline,
        ReplyTo replyTo,
        HttpHead http,
        Optional<String> traceparent,
        byte[] body,
        Optional<Pieces> pieces,
        Optional<CallKey> key) {

    /** Body, path, query and headers together, when the body is in the record. */
    public static final int MAX_BYTES = KafkaConnection.RECORD_BYTES;

    /** The largest body that is taken, in pieces, unless an ingress is configured otherwise. */
    public static final int DEFAULT_BODY_BYTES = 10 << 20;

    private static final byte[] EMPTY = {};

    /** One whose body is in its record. */
    public Invocation(
            String id,
            String source,
            Target target,
            Optional<Deadline> deadline,
            ReplyTo replyTo,
            HttpHead http,
            Optional<String> traceparent,
            byte[] body) {
        this(id, source, target, deadline, replyTo, http, traceparent, body, Optional.empty(), Optional.empty());
    }

    /** The same with its answer elsewhere. */
    public Invocation answeredTo(ReplyTo place) {
        return new Invocation(id, source, target, deadline, place, http, traceparent, body, pieces, key);
    }

    /** The same with its body elsewhere. */
    public Invocation in(Pieces place) {
        return new Invocation(id, source, target, deadline, replyTo, http, traceparent, EMPTY, Optional.of(place), key);
    }

    /** The same with its body here. */
    public Invocation with(byte[] whole) {
        return new Invocation(id, source, target, deadline, replyTo, http, traceparent, whole, Optional.empty(), key);
    }

    /** The same as one of those with this key. */
    public Invocation keyed(CallKey common) {
        return new Invocation(
                id, source, target, deadline, replyTo, http, traceparent, body, pieces, Optional.of(common));
    }

    /**
     * The head of the HTTP request, or what stands for it when the invocation was published.
     *
     * @param method a token as of RFC 9110, section 9.1
     * @param path what is left of the path for the function to see: empty, or starts with a slash
     * @param query without the question mark; may be empty
     */
    public record HttpHead(String method, String path, String query, List<Header> headers) {
        public HttpHead {
            headers = List.copyOf(headers);
        }
    }
}
