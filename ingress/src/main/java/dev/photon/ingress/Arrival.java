package dev.photon.ingress;

import dev.photon.registry.Manifest;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * A call as it came.
 *
 * @param hop when another region sent it
 * @param started on {@link System#nanoTime}'s clock
 */
record Arrival(HttpServerRequest request, InvocationHandler.Call call, Optional<Hop> hop, long started) {
    Optional<String> version() {
        return hop.isPresent() ? hop.get().version().or(call::version) : call.version();
    }

    /** A key holds within a region: another one could run the call again. */
    boolean isKeyed() {
        return !(IdempotencyKey.of(request) instanceof IdempotencyKey.None);
    }

    /** Of a call without a key. Where to ask later is this region alone, so that whom another region sent waits. */
    Exchange.Mode mode(Manifest manifest) {
        return hop.isEmpty() && Preferences.wantsLater(request)
                ? new Exchange.Mode.Later(manifest.auth() == Manifest.Auth.PUBLIC)
                : new Exchange.Mode.Waiting();
    }
}
