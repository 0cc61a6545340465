package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much of a function there is, and where: {@code [scaling]} of its {@code photoniq.toml}. */
class ScalingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String LOADED = "photon_executor_functions_loaded";

    private TestingKafka kafka;

    @BeforeEach
    void start() throws IOException {
        kafka = TestingKafka.embedded();
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    private PhotonTester region(Map<String, String> settings) throws Exception {
        return PhotonTester.start(kafka.bootstrap(), EnumSet.allOf(Role.class), settings);
    }

    @Test
    void aFunctionGoesToZeroWhenNobodyCallsItAndComesBackForACall() throws Exception {
        try (var photon = region(Map.of())) {
            photon.deployGuest("handler-counter", "[scaling]\nidle_seconds = 1\n");
            assertThat(photon.metric(LOADED)).isZero();

            assertThat(photon.post("/fn/handler-counter", "a").statusCode()).isEqualTo(200);
            await().atMost(PATIENCE).until(() -> photon.metric(LOADED) == 0);

            assertThat(photon.post("/fn/handler-counter", "a").statusCode()).isEqualTo(200);
            assertThat(photon.metric("photon_executor_cold_starts_seconds_count{function=\"handler-counter\""))
                    .isEqualTo(2);
        }
    }

    @Test
    void instancesThatAreToBeReadyAreThereBeforeTheFirstCall() throws Exception {
        try (var photon = region(Map.of())) {
            photon.deployGuest("handler-counter", "[scaling]\nmin = 3\nidle_seconds = 1\n");
            await().atMost(PATIENCE).until(() -> photon.metric(LOADED) == 1);

            assertThat(photon.post("/fn/handler-counter", "a").statusCode()).isEqualTo(200);

            assertThat(photon.metric("photon_executor_cold_starts_seconds_count{function=\"handler-counter\""))
                    .isZero();
            await().atMost(PATIENCE).until(() -> photon.metric("photon_executor_instances_warm") >= 3);
        }
    }

    /** Its initialisation loops for ever. */
    @Test
    void aFunctionThatCannotGetReadyHarmsNoOther() throws Exception {
        try (var photon = region(Map.of())) {
            photon.deployGuest("handler-initialize-loop", "[scaling]\nmin = 64\n[runtime]\ntimeout_ms = 3000\n");
            photon.deployGuest("handler-counter", "[scaling]\nmin = 1\n");

            await().atMost(PATIENCE).until(() -> photon.metric(LOADED) == 2);

            assertThat(photon.post("/fn/handler-counter", "a").statusCode()).isEqualTo(200);
            assertThat(photon.post("/fn/handler-initialize-loop", "").statusCode())
                    .isEqualTo(504);
        }
    }

    @Test
    void onlyTheLatestVersionAndThoseThatAliasesNameAreKeptReady() throws Exception {
        var scaling = "[scaling]\nmin = 1\nidle_seconds = 1\n";
        try (var photon = region(Map.of())) {
            for (var version : List.of("1.0.0", "2.0.0", "3.0.0")) {
                var module = PhotonTester.padded(guest("handler-counter"), 100 + version.charAt(0));
                photon.deploy(module, toml("counter", version) + scaling);
            }
            photon.put("/api/faas/v1/function/counter/alias/live", "[{\"version\":\"1.0.0\",\"weight\":1}]");

            // Called until the others are there, too.
            await().atMost(PATIENCE).until(() -> {
                photon.get("/api/faas/v1/execute/counter/2.0.0");
                return photon.metric(LOADED) == 3;
            });

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(photon.metric(LOADED)).isEqualTo(2));
            photon.delete("/api/faas/v1/function/counter/alias/live");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(photon.metric(LOADED)).isEqualTo(1));
        }
    }

    @Test
    void consumersFollowTheLoad() throws Exception {
        try (var photon = region(Map.of("PHOTON_EXECUTOR_CONSUMERS", "1..3"))) {
            photon.deployGuest("echo");
            photon.deployGuest("sleep", "[scaling]\ntarget_concurrency = 1\n[runtime]\ntimeout_ms = 600000\n");
            // Of the calls, of the events, of the redrives and of the replays.
            assertThat(photon.metric("photon_executor_consumers")).isEqualTo(1 + 1 + 1 + 1);

            var sleeping =
                    IntStream.range(0, 5).mapToObj(i -> call(photon, "sleep")).toList();

            await().atMost(PATIENCE).until(() -> photon.metric("photon_executor_consumers") == 3 + 1 + 1 + 1);
            await().atMost(PATIENCE).until(() -> photon.metric("photon_executor_load") == 5);
            assertThat(photon.post("/fn/echo", "still here").body()).isEqualTo("still here");
            sleeping.forEach(call -> call.cancel(true));
            await().atMost(PATIENCE).until(() -> photon.metric("photon_executor_load") == 0);
        }
    }

    @Test
    void aPoolRunsItsOwnFunctionsAlone() throws Exception {
        var region = Map.of("PHOTON_POOLS", "slow", "PHOTON_SCALER_PORT", "0", "PHOTON_EXECUTOR_POOLS", "default");
        try (var photon = region(region);
                var keda = new KedaClient(photon.scalerPort())) {
            photon.deployGuest("echo");
            photon.deploy(guest("echo"), toml("slow-echo", "1.0.0") + "[scaling]\npool = \"slow\"\n");
            var waiting = call(photon, "slow-echo");

            await().atMost(PATIENCE).until(() -> keda.isActive(Map.of("pool", "slow")));
            assertThat(photon.post("/fn/echo", "quick").body()).isEqualTo("quick");
            assertThat(waiting).isNotDone();
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(photon.metric("photon_scaler_lag{topic=\"" + TOPICS.invocations() + "\"}"))
                        .isZero();
                assertThat(photon.metric("photon_scaler_lag{topic=\"" + TOPICS.invocations("slow") + "\"}"))
                        .isEqualTo(1);
            });

            var settings = Map.of("PHOTON_POOLS", "slow", "PHOTON_EXECUTOR_POOLS", "slow");
            var executor = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.EXECUTOR), settings);
            try {
                assertThat(body(waiting)).isEqualTo("a call");
            } finally {
                executor.close();
            }
        }
    }

    @Test
    void aPoolThatTheRegionHasNotIsRefused() throws Exception {
        try (var photon = region(Map.of("PHOTON_POOLS", "slow"))) {
            var answer = photon.deploy(guest("echo"), toml("echo", "1.0.0") + "[scaling]\npool = \"gpu\"\n");

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("scaling.pool is 'gpu' and the region has default, slow");
        }
    }

    private static CompletableFuture<HttpResponse<String>> call(PhotonTester photon, String function) {
        var request = HttpRequest.newBuilder(photon.url("/fn/" + function))
                .POST(HttpRequest.BodyPublishers.ofString("a call"))
                .build();
        return photon.http().sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String body(Future<HttpResponse<String>> call) throws Exception {
        return call.get().body();
    }
}
