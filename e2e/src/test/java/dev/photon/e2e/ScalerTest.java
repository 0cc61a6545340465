package dev.photon.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.protocol.Topics;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What KEDA learns from an ingress of a region that has no executor. */
class ScalerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Map<String, String> IDLE_SOON = Map.of("idleSeconds", "1");
    private static final String METRIC = "photon-runs";

    private static TestingKafka kafka;

    @BeforeAll
    static void start() throws IOException {
        kafka = TestingKafka.embedded();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    /** Of a region of its own. */
    private static PhotonTester ingress(String prefix) throws Exception {
        var settings = Map.of("PHOTON_SCALER_PORT", "0", "PHOTON_TOPIC_PREFIX", prefix);
        return PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.REGISTRY, Role.INGRESS), settings);
    }

    private static PhotonTester executor(String prefix) throws Exception {
        return PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.EXECUTOR), Map.of("PHOTON_TOPIC_PREFIX", prefix));
    }

    private static KedaClient keda(PhotonTester photon) {
        return new KedaClient(photon.scalerPort());
    }

    @Test
    void aCallWakesAnExecutorWhichMayGoWhenThereIsNothingToDo() throws Exception {
        try (var photon = ingress("called");
                var keda = keda(photon)) {
            photon.deployGuest("echo");
            var listener = keda.listen(IDLE_SOON);
            await().atMost(PATIENCE).until(() -> !listener.heard().isEmpty());
            assertThat(listener.heard()).containsExactly(false);

            var call = call(photon);
            await().atMost(PATIENCE).until(() -> listener.heard().size() > 1);
            assertThat(listener.heard()).containsExactly(false, true);
            assertThat(keda.isActive(IDLE_SOON)).isTrue();
            assertThat(call).isNotDone();

            var executor = executor("called");
            try {
                assertThat(call.get().body()).isEqualTo("a call");
                await().atMost(PATIENCE).until(() -> listener.heard().size() > 2);
                assertThat(listener.heard()).containsExactly(false, true, false);
                assertThat(keda.isActive(IDLE_SOON)).isFalse();
                assertThat(keda.isActive(Map.of("idleSeconds", "600"))).isTrue();
            } finally {
                executor.close();
            }
            // Nothing that the executor left behind looks like work.
            assertThat(keda.metric(METRIC, Map.of()).getMetricValueFloat()).isZero();
            assertThat(photon.metric("photon_scaler_lag")).isZero();
            assertThat(photon.metric("photon_scaler_run_seconds")).isPositive();
        }
    }

    private static CompletableFuture<HttpResponse<String>> call(PhotonTester photon) {
        var request = HttpRequest.newBuilder(photon.url("/fn/echo"))
                .POST(HttpRequest.BodyPublishers.ofString("a call"))
                .build();
        return photon.http().sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aPublisherWakesThemToo() throws Exception {
        try (var photon = ingress("published");
                var keda = keda(photon)) {
            var listener = keda.listen(IDLE_SOON);
            await().atMost(PATIENCE).until(() -> !listener.heard().isEmpty());

            photon.send(event("published"));

            await().atMost(PATIENCE).until(() -> listener.heard().size() > 1);
            assertThat(listener.heard()).containsExactly(false, true);
            assertThat(photon.metric("photon_scaler_lag{topic=\"published.in.local\"}"))
                    .isEqualTo(1);
            assertThat(photon.metric("photon_scaler_streams")).isEqualTo(1);
        }
    }

    @Test
    void asksForAsManyRunsAtOnceAsTheMetadataMakesOfWhatWaits() throws Exception {
        try (var photon = ingress("counted");
                var keda = keda(photon)) {
            for (int i = 0; i < 10; i++) {
                photon.send(event("counted"));
            }
            var wish = Map.of("concurrency", "4", "queueMillis", "100", "runMillis", "100");

            var spec = keda.metricSpec(wish);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(keda.metric(METRIC, wish).getMetricValueFloat())
                            .isEqualTo(5));

            assertThat(spec.getMetricName()).isEqualTo(METRIC);
            assertThat(spec.getTargetSizeFloat()).isEqualTo(4);
            assertThat(spec.getTargetSize()).isEqualTo(4);
            var value = keda.metric(METRIC, wish);
            assertThat(value.getMetricName()).isEqualTo(METRIC);
            assertThat(value.getMetricValue()).isEqualTo(5);
        }
    }

    private static ProducerRecord<byte[], byte[]> event(String prefix) {
        var event = new ProducerRecord<>(new Topics(prefix).entry("local"), (byte[]) null, "event".getBytes(UTF_8));
        event.headers().add("ce_photonfunction", "echo".getBytes(UTF_8));
        return event;
    }

    @Test
    void saysWhatIsWrongWithACall() throws Exception {
        try (var photon = ingress("misused");
                var keda = keda(photon)) {
            var wrong = Map.of("idleSeconds", "soon");
            var sentence = "idleSeconds is 'soon' and must be a whole number from 0 to 86400";

            assertFails(() -> keda.isActive(wrong), Status.INVALID_ARGUMENT, sentence);
            assertFails(() -> keda.metricSpec(wrong), Status.INVALID_ARGUMENT, sentence);
            assertFails(() -> keda.metric(METRIC, wrong), Status.INVALID_ARGUMENT, sentence);
            var end = keda.listen(wrong).end().get();
            assertThat(end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(end.getDescription()).isEqualTo(sentence);
            assertFails(
                    () -> keda.metric("cpu", Map.of()),
                    Status.INVALID_ARGUMENT,
                    "there is no metric of that name, only photon-runs");
            assertFails(() -> keda.isActive(Map.of("targetLag", "7")), Status.INVALID_ARGUMENT, "targetLag");
            assertThatThrownBy(() -> keda.isActive(Map.of("concurrency", "9".repeat(20_000))))
                    .hasMessageContaining("RESOURCE_EXHAUSTED");
            assertThat(keda.listenToSpecs(Map.of()).end().get().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
            assertThat(plain(photon).statusCode()).isEqualTo(415);
            assertThat(keda.metricSpec(Map.of()).getTargetSize()).isEqualTo(8);
        }
    }

    private static void assertFails(ThrowingCallable call, Status status, String sentence) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        failure -> assertThat(failure.getStatus().getCode()).isEqualTo(status.getCode()))
                .hasMessageContaining(sentence);
    }

    private static HttpResponse<String> plain(PhotonTester photon) throws Exception {
        var url = URI.create("http://127.0.0.1:" + photon.scalerPort() + "/externalscaler.ExternalScaler/IsActive");
        var request = HttpRequest.newBuilder(url)
                .version(HttpClient.Version.HTTP_1_1)
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .header("content-type", "application/json")
                .build();
        return photon.http().send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** KEDA takes a failure for one, and waits longer after each. */
    @Test
    void forgetsAListenerThatGoesAndEndsTheOthersInPeace() throws Exception {
        var photon = ingress("ended");
        try (var keda = keda(photon)) {
            try (var other = keda(photon)) {
                other.listen(Map.of());
                await().atMost(PATIENCE).until(() -> photon.metric("photon_scaler_streams") == 1);
            }
            await().atMost(PATIENCE).until(() -> photon.metric("photon_scaler_streams") == 0);
            var listener = keda.listen(Map.of());
            await().atMost(PATIENCE).until(() -> !listener.heard().isEmpty());

            photon.close();

            assertThat(listener.end().get()).isEqualTo(Status.OK);
        }
    }
}
