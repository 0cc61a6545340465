package dev.photon.ingress;

import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;

/** What a client would like, by {@code Prefer} (RFC 7240). Stateless. */
final class Preferences {
    static final String RESPOND_ASYNC = "respond-async";

    private static final String FIELD = "prefer";

    private Preferences() {}

    /** Whether the answer is asked for later; a preference with a value or parameters counts as well. */
    static boolean wantsLater(HttpServerRequest request) {
        return request.headers().contains(FIELD)
                && request.headers().getAll(FIELD).stream()
                        .flatMap(value -> Arrays.stream(value.split(",", -1)))
                        .map(preference -> preference.split("[;=]", 2)[0].strip())
                        .anyMatch(RESPOND_ASYNC::equalsIgnoreCase);
    }
}
