package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.cli.Role;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutorCrashTest {
    private static final int REQUESTS = 10_000;
    private static final int KEYS = 150;

    @TempDir
    Path cache;

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void answersEveryRequestAlthoughTheExecutorIsKilledInTheMiddle(String protocol) throws Exception {
        var environment = Map.of("PHOTON_GROUP_PROTOCOL", protocol, "PHOTON_CACHE", cache.toString());
        try (var kafka = TestingKafka.embedded();
                var photon = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.REGISTRY, Role.INGRESS), Map.of());
                var first = ChildProcess.faas(environment, "executor", "--bootstrap", kafka.bootstrap())) {
            photon.deployGuest("echo");
            var right = new AtomicInteger();
            var second = new CompletableFuture<ChildProcess>();

            Load.run(64, REQUESTS, index -> {
                if (index == REQUESTS / 3) {
                    first.kill();
                    second.complete(ChildProcess.faas(environment, "executor", "--bootstrap", kafka.bootstrap()));
                }
                var body = "request " + index;
                if (photon.post("/fn/echo", body).body().equals(body)) {
                    right.incrementAndGet();
                }
            });

            assertThat(right).hasValue(REQUESTS);
            try (var survivor = second.join()) {
                assertThat(survivor.stop()).isTrue();
            }
        }
    }

    /** The function's answers are different each time, so that two runs of one key would show. */
    @Test
    void givesOneAnswerForEachKeyAlthoughTheExecutorIsKilledInTheMiddle() throws Exception {
        var environment = Map.of("PHOTON_CACHE", cache.toString());
        var script = "export default { fetch() { return new Response(crypto.randomUUID()); } };";
        try (var kafka = TestingKafka.embedded();
                var photon = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.REGISTRY, Role.INGRESS), Map.of());
                var first = ChildProcess.faas(environment, "executor", "--bootstrap", kafka.bootstrap());
                var second = ChildProcess.faas(environment, "executor", "--bootstrap", kafka.bootstrap())) {
            photon.deploy(script.getBytes(UTF_8), toml("script", "1.0.0") + "lang = \"js\"\n");
            var answers = new ConcurrentHashMap<String, Set<String>>();

            Load.run(32, 3 * KEYS, index -> {
                if (index == KEYS) {
                    first.kill();
                }
                var key = "key-" + index % KEYS;
                var request = HttpRequest.newBuilder(photon.url("/fn/script"))
                        .header("idempotency-key", key)
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build();
                var answer = photon.http().send(request, HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(200);
                answers.computeIfAbsent(key, unseen -> ConcurrentHashMap.newKeySet())
                        .add(answer.body());
            });

            assertThat(answers).hasSize(KEYS);
            assertThat(answers.values()).allMatch(bodies -> bodies.size() == 1);
            assertThat(second.stop()).isTrue();
        }
    }
}
