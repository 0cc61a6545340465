package dev.photon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.cli.Role;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutorCrashTest {
    private static final int REQUESTS = 10_000;

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
}
