package dev.photon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MonitorTest {
    private final Vertx vertx = Vertx.vertx();
    private final List<String> stuck = new CopyOnWriteArrayList<>();
    private final AtomicBoolean ready = new AtomicBoolean();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpClient http = HttpClient.newHttpClient();
    private int port;

    @BeforeEach
    void listen() {
        port = new Monitor(vertx, meters, () -> stuck, ready::get)
                .listen("127.0.0.1", 0)
                .await();
    }

    @AfterEach
    void close() {
        http.close();
        vertx.close().await();
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void isHealthyBeforeItIsReady() throws Exception {
        assertThat(send("GET", "/health").statusCode()).isEqualTo(200);
        assertThat(send("GET", "/ready").statusCode()).isEqualTo(503);

        ready.set(true);

        assertThat(send("GET", "/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void isNotHealthyWhenSomethingIsStuck() throws Exception {
        ready.set(true);
        stuck.add("poll-photon.invocations");

        var answer = send("GET", "/health");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("stuck: [poll-photon.invocations]\n");
    }

    @Test
    void tellsItsMetersAsPrometheusReadsThem() throws Exception {
        meters.counter("calls").increment();

        var answer = send("GET", "/metrics");

        assertThat(answer.body()).contains("calls_total 1.0");
        assertThat(answer.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
    }

    @Test
    void answersNothingElse() throws Exception {
        assertThat(send("GET", "/fn/echo").statusCode()).isEqualTo(404);
        assertThat(send("POST", "/metrics").statusCode()).isEqualTo(405);
    }
}
