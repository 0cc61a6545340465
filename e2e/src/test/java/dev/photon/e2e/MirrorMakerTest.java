package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.padded;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.e2e.TestingRegions.TestingRegion;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Regions whose topics Kafka's own MirrorMaker 2 copies, in place of our replicator. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MirrorMakerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int STEPS = 60;
    private static final List<String> FUNCTIONS = List.of("f", "g");
    private static final List<String> VERSIONS = List.of("1.0.0", "1.1.0", "2.0.0");
    private static final List<String> GUESTS = List.of("echo", "env");

    private final Map<String, TestingMirrorMaker> mirrorMakers = new ConcurrentHashMap<>();
    private TestingRegions regions;
    private TestingRegion us;
    private TestingRegion eu;

    @BeforeAll
    void start() throws Exception {
        regions = TestingRegions.open("us-east", "eu-west", "ap-south");
        us = regions.get("us-east");
        eu = regions.get("eu-west");
        regions.start(EnumSet.allOf(Role.class), Map.of("PHOTON_MIRROR", "mirror-maker"));
        regions.each(this::startMirrorMaker);
    }

    private void startMirrorMaker(TestingRegion region) throws IOException {
        var clusters = new HashMap<String, Map<String, String>>();
        for (var each : regions.all()) {
            var brokers = each == region ? each.bootstrap() : each.outside();
            clusters.put(each.name, Map.of("bootstrap.servers", brokers));
        }
        mirrorMakers.put(region.name, TestingMirrorMaker.start(region.name, clusters));
    }

    @AfterAll
    void stop() throws Exception {
        regions.each(
                region -> Optional.ofNullable(mirrorMakers.get(region.name)).ifPresent(TestingMirrorMaker::close));
        regions.close();
    }

    private static String answer(TestingRegion region, String path) throws Exception {
        var answer = region.photon().post(path, "hello");
        return answer.statusCode() + " " + answer.body();
    }

    private void awaitEverywhere(String path, String answer) {
        for (var region : regions.all()) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(answer(region, path)).isEqualTo(answer));
        }
    }

    /** In chunks, which lie at other offsets in the copy. */
    @Test
    void deployedInOneItIsCalledInAll() throws Exception {
        var answer = us.photon().deploy(padded(guest("echo"), 3_000_000), toml("large", "1.0.0"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);

        awaitEverywhere("/fn/large", "200 hello");
    }

    @Test
    void whateverHappensTheyAgreeInTheEnd() throws Exception {
        var seed = new Random().nextLong();
        System.err.println("seed " + seed);
        var random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            happen(random, regions.all().get(random.nextInt(3)));
        }
        regions.all().forEach(region -> region.link.mend());
        for (var region : regions.all()) {
            var name = "last-of-" + region.name;
            assertThat(region.photon()
                            .deploy(guest("echo"), toml(name, "1.0.0"))
                            .statusCode())
                    .isEqualTo(200);
        }

        for (var region : regions.all()) {
            awaitEverywhere("/fn/last-of-" + region.name, "200 hello");
        }
        await().atMost(PATIENCE).untilAsserted(() -> {
            var expected = us.view();
            assertThat(expected).containsKey("last-of-us-east 1.0.0");
            assertThat(regions.all())
                    .allSatisfy(region -> assertThat(region.view()).isEqualTo(expected));
        });
        for (var function : FUNCTIONS) {
            for (var version : VERSIONS) {
                awaitTheSameEverywhere("/api/faas/v1/execute/%s/%s".formatted(function, version));
            }
        }
    }

    private void awaitTheSameEverywhere(String path) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            var status = us.photon().post(path, "").statusCode();
            assertThat(status).isIn(200, 404);
            assertThat(regions.all())
                    .allSatisfy(
                            region -> assertThat(region.photon().post(path, "").statusCode())
                                    .isEqualTo(status));
        });
    }

    private void happen(Random random, TestingRegion region) throws Exception {
        var function = FUNCTIONS.get(random.nextInt(FUNCTIONS.size()));
        var version = VERSIONS.get(random.nextInt(VERSIONS.size()));
        var photon = region.photon();
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5, 6 ->
                photon.deploy(guest(GUESTS.get(random.nextInt(GUESTS.size()))), toml(function, version));
            case 7, 8, 9, 10, 11 ->
                photon.put(
                        "/api/faas/v1/function/" + function + "/alias/live",
                        "[{\"version\": \"%s\", \"weight\": 1}]".formatted(version));
            case 12, 13 -> photon.delete("/api/faas/v1/function/" + function + "/" + version + "?force=true");
            case 14, 15 -> photon.delete("/api/faas/v1/function/" + function + "/alias/live");
            case 16 -> region.link.cut();
            case 17, 18 -> region.link.mend();
            default -> {
                mirrorMakers.get(region.name).close();
                startMirrorMaker(region);
            }
        }
    }

    /** All is copied everywhere, so a promise that it is not would be broken. */
    @Test
    void aFunctionThatIsPlacedIsRefused() throws Exception {
        var placed = toml("placed", "1.0.0") + "[placement]\nregions = [\"us-east\", \"eu-*\"]\n";

        var answer = us.photon().deploy(guest("echo"), placed);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("MirrorMaker 2").contains("leave [placement] out");
    }

    @Test
    void theCopyIsMirrorMakersAlone() throws Exception {
        us.photon().deploy(guest("echo"), toml("copied", "1.0.0"));
        awaitEverywhere("/fn/copied", "200 hello");

        assertThat(keys(eu.photon().readAll(TOPICS.mirrored("us-east").functions())))
                .contains("version/copied/1.0.0")
                .doesNotContain("checkpoint");
        assertThat(eu.photon().metric("photon_replicator_records_total{origin=\"us-east\""))
                .isZero();
    }

    private static List<String> keys(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(each -> new String(each.key(), UTF_8)).toList();
    }
}
