package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.padded;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.e2e.TestingRegions.TestingRegion;
import dev.photon.protocol.Digest;
import dev.photon.protocol.InvocationIds;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is deployed in one region answers in all of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private TestingRegions regions;
    private TestingRegion us;
    private TestingRegion eu;
    private TestingRegion ap;

    @BeforeAll
    void start() throws Exception {
        regions = TestingRegions.open("us-east", "eu-west", "ap-south");
        us = regions.get("us-east");
        eu = regions.get("eu-west");
        ap = regions.get("ap-south");
        regions.start(EnumSet.allOf(Role.class), Map.of());
    }

    @AfterAll
    void stop() throws Exception {
        regions.close();
    }

    private static void deploys(TestingRegion region, String name, String version, String guest) throws Exception {
        deploys(region, guest(guest), toml(name, version));
    }

    private static void deploys(TestingRegion region, byte[] module, String toml) throws Exception {
        var answer = region.photon().deploy(module, toml);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static String answer(TestingRegion region, String path) throws Exception {
        var answer = region.photon().post(path, "hello");
        return answer.statusCode() + " " + answer.body();
    }

    /** By each region itself, and not by another for it. */
    private void awaitEverywhere(String path, String answer) {
        for (var region : regions.all()) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                var answered = region.photon().post(path, "hello");
                assertThat(answered.statusCode() + " " + answered.body()).isEqualTo(answer);
                assertThat(answered.headers().firstValue("photon-region")).contains(region.name);
            });
        }
    }

    @Test
    void deployedInOneItIsCalledInAll() throws Exception {
        deploys(us, "echo", "1.0.0", "echo");

        awaitEverywhere("/fn/echo", "200 hello");
        assertThat(eu.photon().download("/api/faas/v1/download/echo").body()).isEqualTo(guest("echo"));
    }

    /** It comes in chunks, by way of the region's own registry. */
    @Test
    void aLargeModuleComesWhole() throws Exception {
        deploys(ap, padded(guest("echo"), 3_000_000), toml("large", "1.0.0"));

        awaitEverywhere("/fn/large", "200 hello");
    }

    @Test
    void everyRegionChangesWhatOthersDeployed() throws Exception {
        deploys(us, "shared", "1.0.0", "echo");
        awaitEverywhere("/fn/shared", "200 hello");

        var aliased =
                eu.photon().put("/api/faas/v1/function/shared/alias/live", "[{\"version\": \"1.0.0\", \"weight\": 1}]");
        assertThat(aliased.statusCode()).as(aliased.body()).isEqualTo(200);
        awaitEverywhere("/api/faas/v1/execute/shared/live", "200 hello");

        assertThat(ap.photon().delete("/api/faas/v1/function/shared").statusCode())
                .isEqualTo(200);
        for (var region : regions.all()) {
            await().atMost(PATIENCE)
                    .until(() -> region.photon().post("/fn/shared", "").statusCode() == 404);
            assertThat(actions(region, "shared")).containsExactly("version-deployed", "alias-set", "function-deleted");
        }
    }

    private static List<String> actions(TestingRegion region, String function) throws Exception {
        var history = new JsonArray(region.photon()
                .get("/api/faas/v1/function/" + function + "/history")
                .body());
        return history.stream()
                .map(entry -> ((JsonObject) entry).getString("action"))
                .toList();
    }

    @Test
    void theSameContentOfTwoRegionsLiesOnceInAThird() throws Exception {
        var module = padded(guest("echo"), 700_000);
        deploys(us, module, toml("same-us", "1.0.0"));
        deploys(eu, module, toml("same-eu", "1.0.0"));

        awaitEverywhere("/fn/same-us", "200 hello");
        awaitEverywhere("/fn/same-eu", "200 hello");
        var digest = Digest.of(module);
        var chunks = ap.photon().readAll(TOPICS.artifacts()).stream()
                .map(chunk -> new String(chunk.key(), UTF_8))
                .filter(key -> key.startsWith(digest.toString()))
                .toList();
        assertThat(chunks).doesNotHaveDuplicates().hasSize(2);
    }

    @Test
    void whileTheyDoNotHearOfEachOtherEachGoesOnAndThenTheyAgree() throws Exception {
        regions.all().forEach(region -> region.link.cut());
        try {
            deploys(us, "apart", "1.0.0", "echo");
            deploys(eu, "apart", "1.0.0", "env");
            deploys(ap, "apart", "1.1.0", "echo");
            assertThat(answer(us, "/api/faas/v1/execute/apart/1.0.0")).isEqualTo("200 hello");
        } finally {
            regions.all().forEach(region -> region.link.mend());
        }

        awaitEverywhere("/api/faas/v1/execute/apart/1.0.0", "200 hello");
        awaitEverywhere("/api/faas/v1/execute/apart/1.1.0", "200 hello");
        var refused =
                ap.photon().put("/api/faas/v1/function/apart/alias/live", "[{\"version\": \"1.0.0\", \"weight\": 1}]");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("eu-west");
    }

    @Test
    void whatIsPlacedInARegionLeavesNoTraceOfItsContentElsewhere() throws Exception {
        var secret = "only for eyes in europe " + InvocationIds.next();
        var module = withSection(guest("echo"), secret);
        var placed = toml("resident", "1.0.0")
                + "[placement]\nregions = [\"eu-*\"]\n[env_vars]\nSECRET = \"%s\"\n".formatted(secret);

        var refused = us.photon().deploy(module, placed);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("placement leaves out region 'us-east'");
        deploys(eu, module, placed);

        assertThat(answer(eu, "/fn/resident")).isEqualTo("200 hello");
        // What comes after it shows that it would have come by now, if it did.
        deploys(eu, padded(guest("echo"), 100_000), toml("beside", "1.0.0"));
        awaitEverywhere("/fn/beside", "200 hello");
        for (var elsewhere : List.of(us, ap)) {
            assertThat(elsewhere.photon().get("/api/faas/v1/functions").body()).contains("resident");
            assertThat(holdsAnywhere(elsewhere, secret)).isFalse();
        }
        assertThat(holdsAnywhere(eu, secret)).isTrue();
    }

    private static byte[] withSection(byte[] module, String text) {
        var whole = new ByteArrayOutputStream();
        whole.writeBytes(module);
        // A custom section (WebAssembly 1.0, section 5.5.3) named x.
        whole.write(0);
        whole.write(text.length() + 2);
        whole.write(1);
        whole.write('x');
        whole.writeBytes(text.getBytes(UTF_8));
        return whole.toByteArray();
    }

    /** In whatever stands in any log of the region. */
    private static boolean holdsAnywhere(TestingRegion region, String text) throws Exception {
        for (var topic : region.photon().topics()) {
            for (var record : region.photon().readAll(topic)) {
                var value = record.value() == null ? "" : new String(record.value(), ISO_8859_1);
                var inHeaders = Arrays.stream(record.headers().toArray())
                        .anyMatch(header ->
                                header.value() != null && new String(header.value(), ISO_8859_1).contains(text));
                if (value.contains(text) || inHeaders) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void theCommandLineWaitsUntilAllRegionsHaveIt() throws Exception {
        deploys(us, "waited", "1.0.0", "echo");
        deploys(eu, guest("echo"), toml("partly", "1.0.0") + "[placement]\nexclude = [\"ap-south\"]\n");

        var everywhere = status("waited");
        await().atMost(PATIENCE)
                .until(() -> us.photon().get("/api/faas/v1/functions").body().contains("partly"));
        var partly = status("partly");

        assertThat(presences(everywhere)).containsExactlyInAnyOrder("us-east here", "eu-west here", "ap-south here");
        assertThat(presences(partly)).containsExactlyInAnyOrder("us-east here", "eu-west here", "ap-south elsewhere");
        assertThat(everywhere.getJsonArray("regions").getJsonObject(0).containsKey("lagSeconds"))
                .isFalse();
        assertThat(everywhere.getJsonArray("regions").getJsonObject(1).getDouble("lagSeconds"))
                .isNotNegative();
        assertThat(everywhere.getJsonArray("regions").getJsonObject(1).getString("digest"))
                .isEqualTo(Digest.of(guest("echo")).toString());
    }

    private JsonObject status(String function) throws Exception {
        var api = Map.of("API_URL", us.photon().url("").toString(), "XDG_CONFIG_HOME", folder.toString());
        var run = new Launcher(folder, api).run("remote", "status", function, "--wait", "--output", "json");
        assertThat(run.error()).isEmpty();
        return new JsonObject(run.output());
    }

    private static List<String> presences(JsonObject status) {
        return status.getJsonArray("regions").stream()
                .map(JsonObject.class::cast)
                .map(region -> region.getString("region") + " " + region.getString("presence"))
                .toList();
    }
}
