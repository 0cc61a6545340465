package dev.photon.ingress;

import dev.photon.ingress.overflow.Hearsay;
import dev.photon.ingress.overflow.Probes;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * This region, as others and clients are told of it. Thread-safe.
 *
 * @param url as the other regions know it; empty when this is the only one
 * @param stuck whether it takes no calls for now, because its log does not
 */
record OwnRegion(String name, Optional<URI> url, Hearsay hearsay, BooleanSupplier stuck) {

    /** Whether clients had better come to this region than to another. */
    boolean takesClients() {
        return !stuck.getAsBoolean() && !isDraining();
    }

    private boolean isDraining() {
        return hearsay.isDraining(name);
    }

    /** {@code serving}, {@code draining} or {@code unready}. */
    String state() {
        if (stuck.getAsBoolean()) {
            return "unready";
        }
        return isDraining() ? "draining" : "serving";
    }

    /** Tells those who ask whether we are ready, if they are other regions, what they should know. */
    void tell(HttpServerResponse response) {
        if (stuck.getAsBoolean()) {
            response.putHeader(Probes.STUCK, "true");
        }
        if (isDraining()) {
            response.putHeader(Probes.DRAINING, "true");
        }
        response.putHeader(Probes.CHANGES, Long.toString(hearsay.known(name)));
    }

    /** Where it is called: as it is configured, or else as whoever asks has found it. */
    String url(HttpServerRequest request) {
        return url.map(URI::toString).orElseGet(() -> request.scheme() + "://" + authority(request));
    }

    /** HTTP/1.0 does not ask for one. */
    private static String authority(HttpServerRequest request) {
        return request.authority() == null
                ? request.localAddress().hostAddress() + ":"
                        + request.localAddress().port()
                : request.authority().toString();
    }
}
