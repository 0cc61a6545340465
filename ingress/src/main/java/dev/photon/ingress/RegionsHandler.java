package dev.photon.ingress;

import dev.photon.ingress.overflow.OtherRegion;
import dev.photon.registry.RegionState;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Tells which regions there are, how far they are from here, and how much of them is known here. */
final class RegionsHandler {
    private final OwnRegion own;
    private final List<OtherRegion> others;

    RegionsHandler(OwnRegion own, List<OtherRegion> others) {
        this.own = own;
        this.others = others;
    }

    /** Of an ingress that is ready. */
    void ready(RoutingContext exchange) {
        own.tell(exchange.response());
        status(exchange.response(), 200, "ready");
    }

    /** Of an ingress that is ready: whether its region wants clients, for who sends them there. */
    void serving(RoutingContext exchange) {
        status(exchange.response(), own.takesClients() ? 200 : 503, own.state());
    }

    private static void status(HttpServerResponse response, int status, String word) {
        Http.json(response, status, new JsonObject().put("status", word));
    }

    void handle(RoutingContext exchange) {
        var regions = new JsonArray()
                .add(region(own.name(), own.url(exchange.request()), true)
                        .putNull("roundTripMillis")
                        .put("state", own.state())
                        .mergeIn(wished(own.name())));
        others.forEach(other -> regions.add(other(other)));
        Http.json(exchange.response(), 200, regions);
    }

    private JsonObject other(OtherRegion other) {
        return region(other.name(), other.url().toString(), false)
                .put(
                        "roundTripMillis",
                        other.roundTrip().map(time -> rounded(time, 1e6)).orElse(null))
                .put("state", other.state())
                .put("lagSeconds", other.lag().map(time -> rounded(time, 1e9)).orElse(null))
                .put("currentAt", other.currentAt().map(Instant::toString).orElse(null))
                .mergeIn(wished(other.name()));
    }

    private static Double rounded(Duration time, double nanosOfUnit) {
        return Math.round(time.toNanos() / nanosOfUnit * 1e3) / 1e3;
    }

    /** Who drains it and since when; nothing when nobody does. */
    private JsonObject wished(String region) {
        return own.hearsay()
                .wished(region)
                .filter(RegionState::draining)
                .map(wished -> new JsonObject()
                        .put("drainedBy", wished.by())
                        .put("drainedAt", Instant.ofEpochMilli(wished.since()).toString()))
                .orElseGet(JsonObject::new);
    }

    private static JsonObject region(String name, String url, boolean self) {
        return new JsonObject().put("name", name).put("url", url).put("self", self);
    }
}
