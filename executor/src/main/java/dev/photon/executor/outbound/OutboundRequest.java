package dev.photon.executor.outbound;

import dev.photon.protocol.Header;
import java.util.List;

/**
 * What a guest wants sent. Nothing of it is trusted.
 *
 * @param method in upper or lower case
 * @param url absolute; a fragment is not sent
 * @param headers those that belong to the connection and not to the message ({@code Host}, {@code Content-Length},
 *     {@code Connection} and the like) are ignored, as {@code fetch} does
 * @param body not copied, so not to be changed; may be empty
 */
public record OutboundRequest(String method, String url, List<Header> headers, byte[] body, Redirects redirects) {

    /** What to do when the server answers with a redirect: the modes of the Fetch standard, section 2.2.5. */
    public enum Redirects {
        FOLLOW,
        /** The redirect itself is the answer. */
        MANUAL,
        /** A redirect is a failure. */
        ERROR
    }

    public OutboundRequest {
        headers = List.copyOf(headers);
    }
}
