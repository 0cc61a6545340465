package dev.photon.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.photon.cli.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The examples that call other services, and a service for them. */
class OutboundTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private HttpServer service;
    private String host;
    private TestingKafka kafka;

    @BeforeEach
    void start() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/numbers", exchange -> answer(exchange, 200, "[1, 2, 3, 4]"));
        service.createContext("/gone", exchange -> answer(exchange, 410, ""));
        service.createContext("/never", exchange -> seen.add("/never"));
        service.start();
        host = "127.0.0.1:" + service.getAddress().getPort();
        kafka = TestingKafka.embedded();
    }

    @AfterEach
    void stop() {
        kafka.close();
        service.stop(0);
    }

    private void answer(HttpExchange exchange, int status, String body) throws IOException {
        seen.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("traceparent"));
        exchange.sendResponseHeaders(status, body.isEmpty() ? -1 : body.length());
        exchange.getResponseBody().write(body.getBytes(UTF_8));
        exchange.close();
    }

    private PhotonTester region(String allowed) throws IOException, InterruptedException {
        return PhotonTester.start(
                kafka.bootstrap(), EnumSet.allOf(Role.class), Map.of("PHOTON_OUTBOUND_ALLOW", allowed));
    }

    /** As its author would, for another host. */
    private void deploy(PhotonTester photon, String name) throws IOException, InterruptedException {
        var toml = PhotonTester.exampleToml(name)
                .replaceFirst("allowed_hosts = .*", "allowed_hosts = [\"" + host + "\"]\nallow_http = true")
                .replaceFirst("TARGETS = .*", "TARGETS = \"http://%1$s/gone http://localhost:1/\"".formatted(host));
        assertThat(photon.deploy(PhotonTester.example(name), toml).statusCode()).isEqualTo(200);
    }

    @Test
    void aFunctionCallsTheServicesThatItsFileAllowsAndNoOthers() throws Exception {
        try (var photon = region("127.0.0.0/8")) {
            deploy(photon, "json-stats");
            deploy(photon, "uptime");

            var numbers = photon.http()
                    .send(
                            HttpRequest.newBuilder(photon.url("/fn/json-stats?source=http://" + host + "/numbers"))
                                    .header("traceparent", TRACE)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            var services = photon.get("/fn/uptime");

            assertThat(numbers.body()).startsWith("{\"count\":4,\"min\":1,\"max\":4,\"mean\":2.5,");
            assertThat(seen).contains("/numbers " + TRACE);
            assertThat(services.body())
                    .contains("\"status\":410")
                    .contains("\"target\":\"http://localhost:1/\"", "is not allowed by cors_settings.allowed_hosts");
            tellsInTimeOfAServiceThatNeverAnswers(photon);
        }
    }

    /** The call ends while the function has yet time to answer. */
    private void tellsInTimeOfAServiceThatNeverAnswers(PhotonTester photon) throws Exception {
        var toml = PhotonTester.exampleToml("uptime")
                .replaceFirst("name = .*", "name = \"patient\"")
                .replaceFirst("allowed_hosts = .*", "allowed_hosts = [\"" + host + "\"]\nallow_http = true")
                .replaceFirst("TARGETS = .*", "TARGETS = \"http://" + host + "/never\"")
                .replaceFirst("timeout_ms = .*", "timeout_ms = 6000");
        assertThat(photon.deploy(PhotonTester.example("uptime"), toml).statusCode())
                .isEqualTo(200);

        var answer = photon.get("/fn/patient");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("the answer was not there in time");
        assertThat(seen).contains("/never");
    }

    @Test
    void aStormOfCallsEndsAtItsLimitAndIsCounted() throws Exception {
        try (var photon = region("127.0.0.0/8")) {
            photon.deployGuest("echo");
            var targets = ("http://" + host + "/gone ").repeat(100).strip();
            var toml = PhotonTester.exampleToml("uptime")
                    .replaceFirst("allowed_hosts = .*", "allowed_hosts = [\"" + host + "\"]\nallow_http = true")
                    .replaceFirst("TARGETS = .*", "TARGETS = \"" + targets + "\"");
            assertThat(photon.deploy(PhotonTester.example("uptime"), toml).statusCode())
                    .isEqualTo(200);

            var storms = IntStream.range(0, 8)
                    .mapToObj(i -> photon.http()
                            .sendAsync(
                                    HttpRequest.newBuilder(photon.url("/fn/uptime"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString()))
                    .toList();
            assertThat(photon.post("/fn/echo", "beside").body()).isEqualTo("beside");

            for (var storm : storms) {
                assertThat(storm.join().body().split("has made all the calls it may", -1))
                        .hasSize(91);
            }
            assertThat(seen).hasSize(80);
            assertThat(photon.metric("photon_executor_outbound_calls_seconds_count{outcome=\"answered\""))
                    .isEqualTo(80);
            assertThat(photon.metric("photon_executor_outbound_calls_seconds_count{outcome=\"too_many_calls\""))
                    .isEqualTo(720);
        }
    }

    @Test
    void addressesOfTheOperatorsOwnNetworkAreRefusedUnlessOpened() throws Exception {
        try (var photon = region("")) {
            deploy(photon, "json-stats");

            var answer = photon.get("/fn/json-stats?source=http://" + host + "/numbers");

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("the source cannot be read");
            assertThat(seen).isEmpty();
        }
    }
}
