package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.e2e.TestingRegions.TestingRegion;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a region cannot answer, another one does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OverflowTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private TestingRegions regions;
    private TestingRegion us;
    private TestingRegion eu;

    @BeforeAll
    void start() throws Exception {
        regions = TestingRegions.open("us-east", "eu-west");
        us = regions.get("us-east");
        eu = regions.get("eu-west");
        regions.start(EnumSet.allOf(Role.class), Map.of());
        var placed = toml("european", "1.0.0") + "[placement]\nregions = [\"eu-*\"]\n";
        var answer = eu.photon().deploy(guest("echo"), placed);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        await().atMost(PATIENCE)
                .until(() -> us.photon().post("/fn/european", "").statusCode() == 200);
    }

    @AfterAll
    void stop() throws Exception {
        regions.close();
    }

    private static String region(HttpResponse<?> answer) {
        return answer.headers().firstValue("photon-region").orElse("");
    }

    @Test
    void aFunctionThatIsPlacedElsewhereIsCalledThere() throws Exception {
        var answer = us.photon().post("/fn/european", "hello");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(region(answer)).isEqualTo("eu-west");
        assertThat(answer.headers().firstValue("photon-invocation-id")).isPresent();
    }

    @Test
    void aLargeBodyGoesThereAndBack() throws Exception {
        var body = "x".repeat(5_000_000);

        assertThat(us.photon().post("/fn/european", body).body()).isEqualTo(body);
    }

    @Test
    void whatRunsHereIsSaidToRunHere() throws Exception {
        assertThat(region(eu.photon().post("/fn/european", "hello"))).isEqualTo("eu-west");
        assertThat(region(us.photon().get("/api/faas/v1/functions"))).isEqualTo("us-east");
    }

    @Test
    void regionsKnowHowFarTheOthersAre() throws Exception {
        await().atMost(PATIENCE).untilAsserted(() -> {
            var known = new JsonArray(us.photon().get("/api/faas/v1/regions").body());
            assertThat(known.stream().map(region -> ((JsonObject) region).getString("name")))
                    .containsExactly("us-east", "eu-west");
            assertThat(known.getJsonObject(1).getString("state")).isEqualTo("serving");
            assertThat(known.getJsonObject(1).getDouble("roundTripMillis")).isPositive();
        });
    }
}
