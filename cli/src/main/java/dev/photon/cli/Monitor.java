package dev.photon.cli;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A process's {@code /metrics}, {@code /health} and {@code /ready} on a port of their own: for roles that serve no HTTP
 * otherwise, and without keys for systems that have none. Thread-safe.
 */
final class Monitor {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final Vertx vertx;
    private final PrometheusMeterRegistry meters;
    private final Supplier<List<String>> stuck;
    private final BooleanSupplier ready;
    private final HttpServer server;

    /**
     * @param stuck what does not get on, and would not without a new start of the process
     * @param ready whether the process does what it is there for
     */
    Monitor(Vertx vertx, PrometheusMeterRegistry meters, Supplier<List<String>> stuck, BooleanSupplier ready) {
        this.vertx = vertx;
        this.meters = meters;
        this.stuck = stuck;
        this.ready = ready;
        this.server = vertx.createHttpServer(new HttpServerOptions().setIdleTimeout(60))
                .requestHandler(this::handle);
    }

    /** Completes with the port that is listened on. */
    Future<Integer> listen(String host, int port) {
        return server.listen(port, host).map(HttpServer::actualPort);
    }

    private void handle(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.GET)) {
            answer(request, 405, "GET only\n");
            return;
        }
        switch (request.path()) {
            case "/metrics" -> scrape(request);
            case "/health" -> {
                var names = stuck.get();
                answer(request, names.isEmpty() ? 200 : 503, names.isEmpty() ? "up\n" : "stuck: " + names + "\n");
            }
            case "/ready" -> {
                var isReady = ready.getAsBoolean();
                answer(request, isReady ? 200 : 503, isReady ? "ready\n" : "not ready\n");
            }
            default -> answer(request, 404, "there are /metrics, /health and /ready\n");
        }
    }

    /** Off the event loop: there may be thousands of lines. */
    private void scrape(HttpServerRequest request) {
        vertx.executeBlocking(() -> meters.scrape())
                .onSuccess(text -> answer(request, 200, text))
                .onFailure(failure -> answer(request, 500, failure + "\n"));
    }

    private static void answer(HttpServerRequest request, int status, String text) {
        request.response().setStatusCode(status).putHeader("content-type", TEXT).end(text);
    }

    Future<Void> close() {
        return server.close();
    }
}
