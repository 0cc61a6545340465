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
import java.util.Map;
import org.junit.jupiter.api.Test;

class OverloadTest {
    @Test
    void refusesWhatPassesTheLimitsAndTakesOthers() throws Exception {
        var limits = Map.of("PHOTON_MAX_IN_FLIGHT", "3", "PHOTON_MAX_IN_FLIGHT_PER_FUNCTION", "1");
        try (var kafka = TestingKafka.embedded();
                var photon = PhotonTester.start(kafka.bootstrap(), EnumSet.allOf(Role.class), limits)) {
            photon.deployGuest("echo");
            photon.deploy(guest("loop"), toml("slow", "1.0.0") + "[runtime]\ntimeout_ms = 20000\n");
            var slow = photon.http()
                    .sendAsync(
                            HttpRequest.newBuilder(photon.url("/fn/slow")).build(),
                            HttpResponse.BodyHandlers.ofString());
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(photon.metric("photon_ingress_in_flight"))
                            .isEqualTo(1));

            var refused = photon.get("/fn/slow");

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("retry-after")).isPresent();
            assertThat(refused.headers().firstValue("content-type")).contains("application/problem+json");
            assertThat(photon.post("/fn/echo", "another").body()).isEqualTo("another");
            assertThat(slow).isNotDone();
            slow.cancel(true); // what nobody waits for is stopped
        }
    }
}
