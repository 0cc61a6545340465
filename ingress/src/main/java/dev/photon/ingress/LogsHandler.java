package dev.photon.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.LogLevel;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;

/** {@code GET /logs}. Each query reads Kafka with a consumer of its own, so only a few run at once. */
final class LogsHandler {
    private static final int DEFAULT_LINES = 1_000;
    private static final int MAX_LINES = 10_000;
    private static final int AT_ONCE = 4;
    private static final long DEFAULT_TIME = Duration.ofHours(1).toMillis();

    private final Vertx vertx;
    private final LogReader reader;
    private final String region;
    private final String instance;
    private final Semaphore running = new Semaphore(AT_ONCE);

    LogsHandler(Vertx vertx, LogReader reader, String region, String instance) {
        this.vertx = vertx;
        this.reader = reader;
        this.region = region;
        this.instance = instance;
    }

    void handle(RoutingContext exchange) {
        LogReader.Query query;
        try {
            query = query(new Parameters(exchange.request()::getParam));
        } catch (IllegalArgumentException e) {
            refuse(exchange, ErrorKind.BAD_REQUEST, e.getMessage());
            return;
        }
        if (!running.tryAcquire()) {
            refuse(exchange, ErrorKind.OVERLOADED, "too many queries of logs are running");
            return;
        }
        vertx.executeBlocking(() -> answer(query, reader.read(query)).toBuffer(), false)
                .compose(answer -> exchange.response()
                        .putHeader("content-type", "application/json")
                        .end(answer))
                .onComplete(done -> running.release())
                .onFailure(failure -> refuse(exchange, ErrorKind.UNAVAILABLE, "the logs cannot be read now"));
    }

    private static void refuse(RoutingContext exchange, ErrorKind kind, String reason) {
        new Problem(kind, reason).send(exchange.response());
    }

    private static LogReader.Query query(Parameters parameters) {
        var end = parameters.time("end").orElseGet(System::currentTimeMillis);
        var start = Math.max(0, parameters.time("start").orElse(end - DEFAULT_TIME));
        var level = parameters
                .text("level")
                .map(name -> LogLevel.of(name)
                        .orElseThrow(() ->
                                new IllegalArgumentException("level is one of ERROR, WARN, INFO, DEBUG and TRACE")));
        return new LogReader.Query(
                start,
                end,
                parameters.number("lines", DEFAULT_LINES, 1, MAX_LINES),
                parameters.text("asc").map(Boolean::parseBoolean).orElse(false),
                level.orElse(LogLevel.TRACE),
                parameters.text("region"),
                parameters.text("instance"),
                parameters.text("functionName"),
                parameters.text("functionVersion"),
                parameters.text("executionId"));
    }

    private JsonObject answer(LogReader.Query query, LogReader.Answer answer) {
        var logs = new JsonArray();
        var size = 0L;
        for (var line : answer.lines()) {
            size += line.message().getBytes(UTF_8).length;
            logs.add(new JsonObject()
                    .put("id", line.id())
                    .put("timestamp", Instant.ofEpochMilli(line.timestamp()).toString())
                    .put("execId", line.executionId())
                    .put("fnName", line.function())
                    .put("fnVersion", line.version())
                    .put("level", line.level().name())
                    .put("msg", line.message()));
        }
        return new JsonObject()
                .put("start", query.start())
                .put("end", query.end())
                .put("lines", answer.lines().size())
                .put("size", size)
                .put("complete", answer.complete())
                .put("region", region)
                .put("instance", instance)
                .put("logs", logs);
    }
}
