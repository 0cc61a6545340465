package dev.photon.ingress;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.UsageTotals;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.function.BooleanSupplier;

/** {@code GET /usage/{aggregationType}}: what the region's functions were used for, as far as this ingress has read. */
final class UsageHandler {
    private final Vertx vertx;
    private final UsageTable table;
    private final BooleanSupplier complete;
    private final Clock clock;

    /**
     * @param complete whether all of the past is in the table; until then it says too little
     */
    UsageHandler(Vertx vertx, UsageTable table, BooleanSupplier complete, Clock clock) {
        this.vertx = vertx;
        this.table = table;
        this.complete = complete;
        this.clock = clock;
    }

    void handle(RoutingContext exchange) {
        var period = UsagePeriod.of(exchange.pathParam("aggregationType"));
        if (period.isEmpty()) {
            refuse(exchange, ErrorKind.BAD_REQUEST, "usage is by min, hour, day, week, month or year");
            return;
        }
        var now = clock.millis();
        UsageQuery query;
        try {
            query = UsageQuery.read(period.get(), new Parameters(exchange.request()::getParam), now);
        } catch (IllegalArgumentException e) {
            refuse(exchange, ErrorKind.BAD_REQUEST, e.getMessage());
            return;
        }
        if (!complete.getAsBoolean()) {
            refuse(exchange, ErrorKind.UNAVAILABLE, "the usage of the past is still being read");
            return;
        }
        // To sum up a year takes too long for an event loop.
        vertx.executeBlocking(() -> answer(query, table, now), false)
                .onSuccess(answer -> Http.json(exchange.response(), 200, answer))
                .onFailure(exchange::fail);
    }

    private static void refuse(RoutingContext exchange, ErrorKind kind, String reason) {
        new Problem(kind, reason).send(exchange.response());
    }

    /** In the form that is published. */
    static JsonObject answer(UsageQuery query, UsageTable table, long now) {
        var result = new JsonArray();
        for (var bucket : query.buckets()) {
            var totals = table.sum(bucket.firstMinute(), bucket.endMinute());
            result.add(new JsonObject()
                    .put("timestamp", bucket.begin().toInstant(ZoneOffset.UTC).toString())
                    .put("period", query.period().text())
                    .put("type", "metric")
                    .put("metrics", metrics(totals, bucket.seconds(now))));
        }
        return new JsonObject().put("code", 200).put("error", false).put("result", result);
    }

    private static JsonObject metrics(UsageTotals totals, long seconds) {
        var metrics = new JsonObject();
        put(metrics, "bytes_downloaded", totals.downloaded(), seconds);
        put(metrics, "bytes_uploaded", totals.uploaded(), seconds);
        put(metrics, "errors_count", totals.errors(), seconds);
        put(metrics, "requests_count", totals.requests(), seconds);
        return metrics;
    }

    private static void put(JsonObject metrics, String name, long total, long seconds) {
        metrics.put(name, total).put(name + "_per_second", (double) total / seconds);
    }
}
