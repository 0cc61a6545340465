package dev.photon.ingress;

import dev.photon.ingress.overflow.OtherRegion;
import dev.photon.ingress.overflow.Probes;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Tells which regions there are, and how far they are from here. */
final class RegionsHandler {
    private final String own;
    private final List<OtherRegion> others;
    private final BooleanSupplier stuck;

    /**
     * @param stuck whether the region takes no calls for now, because its log does not
     */
    RegionsHandler(String own, List<OtherRegion> others, BooleanSupplier stuck) {
        this.own = own;
        this.others = others;
        this.stuck = stuck;
    }

    /** Tells those who ask whether we are ready, if they are other regions, that calls had better go elsewhere. */
    void warn(HttpServerResponse response) {
        if (stuck.getAsBoolean()) {
            response.putHeader(Probes.STUCK, "true");
        }
    }

    void handle(RoutingContext exchange) {
        var regions = new JsonArray().add(own(exchange.request()));
        others.forEach(other -> regions.add(other(other)));
        Http.json(exchange.response(), 200, regions);
    }

    /** Where we are found is known to whoever has found us. */
    private JsonObject own(HttpServerRequest request) {
        return region(own, request.scheme() + "://" + request.authority(), true)
                .putNull("roundTripMillis")
                .put("state", stuck.getAsBoolean() ? "unready" : "serving");
    }

    private static JsonObject other(OtherRegion other) {
        var region = region(other.name(), other.url().toString(), false);
        other.roundTrip()
                .ifPresentOrElse(
                        time -> region.put("roundTripMillis", Math.round(time.toNanos() / 1e3) / 1e3),
                        () -> region.putNull("roundTripMillis"));
        return region.put("state", other.state());
    }

    private static JsonObject region(String name, String url, boolean self) {
        return new JsonObject().put("name", name).put("url", url).put("self", self);
    }
}
