package dev.photon.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors of one machine that come and go with the work, by the real {@code faas autoscale}. */
class AutoscaleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static TestingKafka kafka;

    @TempDir
    static Path cache;

    @BeforeAll
    static void start() throws IOException {
        kafka = TestingKafka.embedded();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    /** Of a region of its own, without an executor. */
    private static PhotonTester ingress(String prefix) throws Exception {
        var settings = Map.of("PHOTON_SCALER_PORT", "0", "PHOTON_TOPIC_PREFIX", prefix);
        return PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.REGISTRY, Role.INGRESS), settings);
    }

    private static ChildProcess autoscale(String prefix, List<PhotonTester> ingresses, String... options)
            throws IOException {
        var environment = Map.of(
                "PHOTON_TOPIC_PREFIX",
                prefix,
                "PHOTON_ENTRIES",
                "local",
                "PHOTON_PARTITIONS",
                "4",
                "PHOTON_CACHE",
                cache.toString());
        var scalers = ingresses.stream()
                .map(ingress -> "127.0.0.1:" + ingress.scalerPort())
                .toList();
        var arguments = new ArrayList<>(
                List.of("autoscale", "--bootstrap", kafka.bootstrap(), "--scaler", String.join(",", scalers)));
        arguments.addAll(List.of(options));
        return ChildProcess.faas(environment, arguments.toArray(String[]::new));
    }

    private static void awaitExecutors(ChildProcess autoscale, int count) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(autoscale.children()).hasSize(count));
    }

    @Test
    void startsTheFirstForACallAndNoneStaysWhenThereIsNothingToDo() throws Exception {
        try (var photon = ingress("awakened");
                var autoscale = autoscale("awakened", List.of(photon), "--idle-seconds", "1")) {
            photon.deployGuest("echo");
            assertThat(autoscale.children()).isEmpty();

            assertThat(photon.post("/fn/echo", "first").body()).isEqualTo("first");
            assertThat(autoscale.children()).hasSize(1);
            awaitExecutors(autoscale, 0);
            assertThat(photon.post("/fn/echo", "second").body()).isEqualTo("second");

            assertThat(autoscale.children()).hasSize(1);
            var child = autoscale.children().getFirst();
            assertThat(autoscale.stop()).isTrue();
            assertThat(child.isAlive()).isFalse();
        }
    }

    /** The end of a transaction lies behind the last record, and is no work. */
    @Test
    void startsTheFirstForARecordOfAnExactlyOnceTriggerAndNoneStaysWhenAllAreDone() throws Exception {
        try (var photon = ingress("triggered");
                var autoscale = autoscale("triggered", List.of(photon), "--idle-seconds", "1")) {
            photon.newTopic("orders");
            photon.newTopic("orders.done");
            photon.deployGuest("echo", """
                    [[triggers]]
                    topic = "orders"
                    output = "orders.done"
                    delivery = "exactly-once"
                    """);
            assertThat(autoscale.children()).isEmpty();

            photon.sendInTransaction(order("first"));
            assertThat(values(photon, 1)).containsExactly("first");
            assertThat(autoscale.children()).hasSize(1);
            awaitExecutors(autoscale, 0);
            photon.sendInTransaction(order("second"));

            assertThat(values(photon, 2)).containsExactly("first", "second");
            awaitExecutors(autoscale, 0);
            assertThat(photon.readAll("orders.done")).hasSize(2);
        }
    }

    private static ProducerRecord<byte[], byte[]> order(String value) {
        return new ProducerRecord<>("orders", value.getBytes(UTF_8));
    }

    private static List<String> values(PhotonTester photon, int count) {
        return photon.read("orders.done", count).stream()
                .map(output -> new String(output.value(), UTF_8))
                .toList();
    }

    @Test
    void startsAnotherForMoreRunsThanOneShouldHave() throws Exception {
        try (var photon = ingress("stretched");
                var autoscale = autoscale(
                        "stretched", List.of(photon), "--concurrency", "1", "--queue-ms", "0", "--max", "2")) {
            photon.deployGuest("sleep", "[runtime]\ntimeout_ms = 60000\n");
            var calls = List.of(call(photon), call(photon), call(photon));

            awaitExecutors(autoscale, 2);

            // What nobody waits for is stopped.
            calls.forEach(call -> call.cancel(true));
        }
    }

    private static CompletableFuture<HttpResponse<String>> call(PhotonTester photon) {
        var request = HttpRequest.newBuilder(photon.url("/fn/sleep")).build();
        return photon.http().sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void startsAnotherInPlaceOfOneThatIsKilledAndNoCallFails() throws Exception {
        try (var photon = ingress("killed");
                var autoscale = autoscale("killed", List.of(photon), "--min", "1")) {
            photon.deployGuest("echo");
            assertThat(photon.post("/fn/echo", "first").body()).isEqualTo("first");
            var first = autoscale.children().getFirst();
            var right = new AtomicInteger();

            Load.run(8, 600, index -> {
                if (index == 200) {
                    first.destroyForcibly();
                }
                var body = "request " + index;
                if (photon.post("/fn/echo", body).body().equals(body)) {
                    right.incrementAndGet();
                }
            });

            assertThat(right).hasValue(600);
            assertThat(autoscale.children()).hasSize(1).doesNotContain(first);
        }
    }

    @Test
    void asksAnotherScalerAndHoldsWhatRunsWhenAllAreAwayAndLeavesNobodyBehindWhenItIsKilled() throws Exception {
        var one = ingress("deserted");
        var other = ingress("deserted");
        try (var autoscale = autoscale("deserted", List.of(one, other), "--idle-seconds", "1")) {
            one.close();
            other.deployGuest("echo");
            assertThat(other.post("/fn/echo", "by the other").body()).isEqualTo("by the other");

            other.close();
            await().during(3, SECONDS)
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(autoscale.children()).hasSize(1));

            var child = autoscale.children().getFirst();
            autoscale.kill();
            await().atMost(PATIENCE).until(() -> !child.isAlive());
        }
    }
}
