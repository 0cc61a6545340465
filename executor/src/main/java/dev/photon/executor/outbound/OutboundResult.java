package dev.photon.executor.outbound;

import dev.photon.protocol.Header;
import java.util.List;

/** What came of a call. */
public sealed interface OutboundResult {
    /**
     * The server's answer, whatever its status.
     *
     * @param status 200 to 999
     * @param url where the answer comes from, after redirects
     * @param headers names in lower case; without those that belong to the connection
     * @param body as sent, so perhaps compressed
     */
    record Response(int status, String url, List<Header> headers, byte[] body) implements OutboundResult {}

    /**
     * There is no answer.
     *
     * @param reason one sentence for the function's author; names no address that the guest did not know
     */
    record Failure(Kind kind, String reason) implements OutboundResult {}

    /** Why there is no answer. Those before {@link #UNRESOLVED} mean that nothing was sent, at least in that hop. */
    enum Kind {
        /** URL, method or headers are malformed. */
        BAD_REQUEST,
        /** The function's manifest does not allow it. */
        NOT_ALLOWED,
        /** The run has made all the calls it may. */
        TOO_MANY_CALLS,
        /** The host has an address that the operator does not permit. */
        ADDRESS_REFUSED,
        /** The host's name has no address, or none was found in time. */
        UNRESOLVED,
        /** No connection, or none that TLS accepts. */
        CONNECT_FAILED,
        /** The connection ended before the answer did, or what came is not HTTP. */
        BROKEN,
        TIMED_OUT,
        /** The answer passes the limit. */
        TOO_LARGE,
        TOO_MANY_REDIRECTS,
        /** A redirect, where the request wanted none. */
        REDIRECTED;
    }
}
