package dev.photon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.protocol.UsageTotals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageCrashTest {
    private static final int REQUESTS = 2_000;

    @TempDir
    Path cache;

    @Test
    void callsThatRanTwiceBecauseAnExecutorWasKilledCountOnce() throws Exception {
        var environment = Map.of("PHOTON_CACHE", cache.toString());
        try (var kafka = TestingKafka.embedded()) {
            try (var photon = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.REGISTRY, Role.INGRESS), Map.of());
                    var first = ChildProcess.faas(environment, "executor", "--bootstrap", kafka.bootstrap())) {
                photon.deployGuest("echo");
                var second = new CompletableFuture<ChildProcess>();

                Load.run(32, REQUESTS, index -> {
                    if (index == REQUESTS / 3) {
                        first.kill();
                        second.complete(ChildProcess.faas(environment, "executor", "--bootstrap", kafka.bootstrap()));
                    }
                    assertThat(photon.post("/fn/echo", "four").statusCode()).isEqualTo(200);
                });

                assertThat(second.join().stop()).isTrue();
            }
            try (var after = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.INGRESS), Map.of())) {
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(after.usage())
                                .isEqualTo(new UsageTotals(REQUESTS, 0, 4L * REQUESTS, 4L * REQUESTS)));
            }
        }
    }
}
