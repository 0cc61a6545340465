package dev.photon.cli;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** The port on which a role tells how it is, and nothing else of the role. */
public final class ProbedRole implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Vertx vertx = Vertx.vertx();
    private final int port;
    private volatile boolean ready;

    public ProbedRole() {
        var monitor = new Monitor(vertx, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), List::of, () -> ready);
        port = monitor.listen("127.0.0.1", 0)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    public void becomesReady() {
        ready = true;
    }

    public int status(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Override
    public void close() {
        http.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
