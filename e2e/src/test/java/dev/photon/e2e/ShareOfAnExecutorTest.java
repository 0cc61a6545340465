package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What calls may have of an executor at the same time, which has memory for one and a half of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShareOfAnExecutorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private TestingKafka kafka;
    private PhotonTester photon;
    private Gate gate;

    @BeforeAll
    void start() throws Exception {
        gate = new Gate();
        kafka = TestingKafka.embedded();
        var settings = new HashMap<>(Gate.SETTINGS);
        settings.putAll(Map.of("PHOTON_MEMORY_BUDGET", "16"));
        photon = PhotonTester.start(kafka.bootstrap(), EnumSet.allOf(Role.class), settings);
        for (var name : new String[] {"first", "second", "single"}) {
            var atOnce = name.equals("single") ? "max_concurrency = 1\n" : "";
            assertThat(photon.deploy(guest("hold-memory"), toml(name, "1.0.0") + gate.toml() + atOnce)
                            .statusCode())
                    .isEqualTo(200);
        }
        photon.deployGuest("echo");
    }

    @AfterAll
    void stop() throws Exception {
        if (photon != null) {
            photon.close();
        }
        if (kafka != null) {
            kafka.close();
        }
        gate.close();
    }

    /** A call that holds its function's memory until the gate opens. */
    private CompletableFuture<HttpResponse<String>> call(String function, String path) {
        var request = HttpRequest.newBuilder(photon.url("/fn/" + function))
                .POST(HttpRequest.BodyPublishers.ofString("GET " + gate.url(path)))
                .build();
        return photon.http().sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    private void awaitCall(String path) {
        await().atMost(PATIENCE).until(() -> gate.isCalled(path));
    }

    @Test
    void aCallThatFindsNoMemoryIsToldSo() {
        var holding = call("first", "/held");
        awaitCall("/held");

        var refused = call("second", "/refused").join();
        gate.open("/held");

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body())
                .contains("urn:photon:error:unavailable", "does not fit beside those that are in use");
        assertThat(holding.join().body()).isEqualTo("let go");
        gate.open("/after");
        assertThat(call("second", "/after").join().body()).isEqualTo("let go");
        assertThat(gate.isCalled("/refused")).isFalse();
    }

    @Test
    void theSecondRunOfAFunctionThatRunsAloneBeginsWhenTheFirstHasEnded() throws Exception {
        var first = call("single", "/one");
        awaitCall("/one");
        var second = call("single", "/two");
        for (int i = 0; i < 20; i++) {
            assertThat(photon.post("/fn/echo", "call " + i).body()).isEqualTo("call " + i);
        }

        assertThat(gate.isCalled("/two")).isFalse();
        gate.open("/one");
        assertThat(first.join().body()).isEqualTo("let go");
        awaitCall("/two");
        gate.open("/two");
        assertThat(second.join().body()).isEqualTo("let go");
    }
}
