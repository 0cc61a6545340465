package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.e2e.TestingRegions.TestingRegion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three regions that change the same functions while links between them break and replicators are killed. */
class PartitionedRegionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int STEPS = 90;
    private static final List<String> FUNCTIONS = List.of("f", "g", "h");
    private static final List<String> VERSIONS = List.of("1.0.0", "1.1.0", "2.0.0");
    private static final List<String> GUESTS = List.of("echo", "env");
    /** What is taken over; the rest is each region's own. */
    private static final String TAKEN = "(version|alias|history|key)/.*";

    @TempDir
    Path folder;

    private final Map<String, ChildProcess> replicators = new HashMap<>();
    private TestingRegions regions;

    @BeforeEach
    void start() throws Exception {
        regions = TestingRegions.open("us-east", "eu-west", "ap-south");
        regions.start(EnumSet.of(Role.REGISTRY, Role.INGRESS), Map.of());
        for (var region : regions.all()) {
            startReplicator(region);
        }
    }

    @AfterEach
    void stop() throws Exception {
        replicators.values().forEach(ChildProcess::close);
        regions.close();
    }

    private void startReplicator(TestingRegion region) throws Exception {
        var environment = new HashMap<>(regions.settings(region));
        environment.put("PHOTON_PARTITIONS", "4");
        environment.put("PHOTON_ENTRIES", "local");
        environment.put("PHOTON_CACHE", folder.resolve(region.name).toString());
        replicators.put(region.name, ChildProcess.faas(environment, "replicator"));
    }

    @Test
    void whateverHappensTheyAgreeOnceTheyHearOfEachOtherAndNothingGoesRound() throws Exception {
        var seed = new Random().nextLong();
        System.err.println("seed " + seed);
        var random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            happen(random, regions.all().get(random.nextInt(3)));
        }

        for (var region : regions.all()) {
            region.link.mend();
            replicators.get(region.name).kill();
            startReplicator(region);
        }
        var healed = System.nanoTime();
        await().atMost(PATIENCE).untilAsserted(() -> {
            var expected = regions.all().getFirst().view();
            assertThat(expected).as("something was deployed").isNotEmpty();
            assertThat(regions.all())
                    .allSatisfy(region -> assertThat(region.view()).isEqualTo(expected));
        });
        System.err.printf(
                "all agree after %d ms%n",
                Duration.ofNanos(System.nanoTime() - healed).toMillis());
        // What changes nothing of a view may come a moment later.
        await().atMost(PATIENCE).untilAsserted(() -> regions.all().forEach(this::hasCopiesOfAllOthers));
    }

    private void happen(Random random, TestingRegion region) throws Exception {
        var function = FUNCTIONS.get(random.nextInt(FUNCTIONS.size()));
        var version = VERSIONS.get(random.nextInt(VERSIONS.size()));
        var photon = region.photon();
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> photon.deploy(guest(GUESTS.get(random.nextInt(GUESTS.size()))), toml(function, version));
            case 4, 5, 6 ->
                photon.put(
                        "/api/faas/v1/function/" + function + "/alias/live",
                        "[{\"version\": \"%s\", \"weight\": 1}]".formatted(version));
            case 7 -> photon.delete("/api/faas/v1/function/" + function + "/" + version + "?force=true");
            case 8 -> photon.delete("/api/faas/v1/function/" + function + "/alias/live");
            case 9 -> region.link.cut();
            case 10 -> region.link.mend();
            default -> {
                replicators.get(region.name).kill();
                startReplicator(region);
            }
        }
    }

    /**
     * In order, none twice, and none that came from a third region. A replicator that was killed before its copy had
     * begun leaves out what was written over since.
     */
    private void hasCopiesOfAllOthers(TestingRegion region) {
        for (var origin : regions.all()) {
            if (origin != region) {
                var copy = taken(region, TOPICS.mirrored(origin.name).functions());
                var source = taken(origin, TOPICS.functions());
                assertThat(source).containsSubsequence(copy);
                assertThat(last(copy)).isEqualTo(last(source));
            }
        }
    }

    /** By key. */
    private static Map<String, String> last(List<String> records) {
        return records.stream()
                .collect(Collectors.toMap(
                        entry -> entry.substring(0, entry.indexOf(' ')), entry -> entry, (older, newer) -> newer));
    }

    private static List<String> taken(TestingRegion region, String topic) {
        return region.photon().readAll(topic).stream()
                .map(written -> new String(written.key(), UTF_8) + " " + new String(written.value(), UTF_8))
                .filter(written -> written.matches("(?s)" + TAKEN))
                .toList();
    }
}
