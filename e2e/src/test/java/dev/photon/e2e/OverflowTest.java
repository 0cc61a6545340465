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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a region cannot answer, another one does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OverflowTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

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

    private void deploys(TestingRegion region, String toml) throws Exception {
        var answer = region.photon().deploy(guest("echo"), toml);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static void awaitAnswer(TestingRegion asked, String path, TestingRegion by) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            var answer = asked.photon().post(path, "hello");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(region(answer)).isEqualTo(by.name);
        });
    }

    private Launcher commands(String urls) {
        return new Launcher(folder, Map.of("API_URL", urls, "XDG_CONFIG_HOME", folder.toString()));
    }

    private static String url(TestingRegion region) {
        return region.photon().url("").toString();
    }

    @Test
    void aDrainedRegionHasOthersAnswerAsFarAsTheyCan() throws Exception {
        deploys(us, toml("anywhere", "1.0.0"));
        deploys(us, toml("american", "1.0.0") + "[placement]\nregions = [\"us-*\"]\n");
        awaitAnswer(us, "/fn/anywhere", us);
        awaitAnswer(eu, "/fn/anywhere", eu);
        awaitAnswer(eu, "/fn/american", us);
        // By way of another region, of whose functions this one hears; and the first of the two is away.
        var elsewhere = commands("http://127.0.0.1:1," + url(eu));

        var drained = elsewhere.run("region", "drain", "us-east");

        assertThat(drained.error()).isEmpty();
        assertThat(drained.output()).contains("draining");
        try {
            awaitAnswer(us, "/fn/anywhere", eu);
            assertThat(region(us.photon().post("/fn/american", "hello"))).isEqualTo("us-east");
            assertThat(region(eu.photon().post("/fn/american", "hello"))).isEqualTo("us-east");
            assertThat(us.photon().get("/api/faas/v1/ready").statusCode()).isEqualTo(200);
            assertThat(us.photon().get("/api/faas/v1/serving").statusCode()).isEqualTo(503);
            var known = new JsonArray(eu.photon().get("/api/faas/v1/regions").body()).getJsonObject(1);
            assertThat(known.getString("state")).isEqualTo("draining");
            assertThat(known.getString("drainedBy")).isEqualTo("http");
            assertThat(commands(url(us)).run("region", "list").output()).contains("draining", "drained by http");
        } finally {
            assertThat(commands(url(us)).run("region", "undrain").output()).contains("serving");
        }
        awaitAnswer(us, "/fn/anywhere", us);
        assertThat(us.photon().get("/api/faas/v1/serving").statusCode()).isEqualTo(200);
    }

    private static boolean isDrained(TestingRegion region) throws Exception {
        return region.photon().get("/api/faas/v1/serving").statusCode() == 503;
    }

    @Test
    void aDrainedRegionRunsItselfWhatOthersHaveNotHeardOf() throws Exception {
        var large = "x".repeat(2_000_000);
        assertThat(us.photon().put("/api/faas/v1/region/us-east/drain", "").statusCode())
                .isEqualTo(200);
        try {
            await().atMost(PATIENCE).until(() -> isDrained(us));
            us.link.cut();
            deploys(us, toml("unheard", "1.0.0"));

            for (var body : List.of("", "hello", large)) {
                var answer = us.photon().post("/fn/unheard", body);

                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo(body);
                assertThat(region(answer)).isEqualTo("us-east");
            }

            us.link.mend();
            awaitAnswer(us, "/fn/unheard", eu);
            var elsewhere = us.photon().post("/fn/unheard", large);
            assertThat(elsewhere.body()).isEqualTo(large);
            assertThat(region(elsewhere)).isEqualTo("eu-west");
        } finally {
            us.link.mend();
            us.photon().delete("/api/faas/v1/region/us-east/drain");
        }
        await().atMost(PATIENCE).until(() -> !isDrained(us));
    }

    @Test
    void aRegionThatThereIsNotCannotBeDrained() throws Exception {
        var answer = us.photon().put("/api/faas/v1/region/mars/drain", "");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("mars");
    }

    @Test
    void theCommandLineKeepsAllRegionsAndTakesOneThatAnswers() throws Exception {
        var login = commands("").run("login", "--url", url(us), "--nearest");

        assertThat(login.error()).isEmpty();
        assertThat(Files.readString(folder.resolve("photon/login.json"))).contains(url(us), url(eu));
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
