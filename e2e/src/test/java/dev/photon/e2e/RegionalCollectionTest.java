package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.cli.TemporaryFolder;
import dev.photon.e2e.TestingRegions.TestingRegion;
import dev.photon.protocol.Digest;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Settings;
import dev.photon.registry.Registry;
import dev.photon.registry.RegistryConfig;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each region removes what lies in it and no region's version needs any more. */
class RegionalCollectionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LATER = Duration.ofHours(25);

    private TestingRegions regions;
    private TestingRegion us;
    private TestingRegion eu;
    private TemporaryFolder folder;

    @BeforeEach
    void start() throws Exception {
        folder = new TemporaryFolder();
        regions = TestingRegions.open("us-east", "eu-west");
        us = regions.get("us-east");
        eu = regions.get("eu-west");
        regions.start(EnumSet.of(Role.REGISTRY, Role.REPLICATOR, Role.INGRESS), Map.of());
        deploy("echo");
        deploy("env");
    }

    private void deploy(String name) throws Exception {
        assertThat(us.photon().deploy(guest(name), toml(name, "1.0.0")).statusCode())
                .isEqualTo(200);
        var digest = digest(name);
        await().atMost(PATIENCE).until(() -> last(eu, "placed/" + digest).contains("chunks"));
    }

    @AfterEach
    void stop() throws IOException {
        regions.close();
        folder.close();
    }

    @Test
    void whatIsDeletedSomewhereIsRemovedEverywhereADayLater() throws Exception {
        assertThat(isStored(us, "echo")).isTrue();
        assertThat(isStored(eu, "echo")).isTrue();

        us.photon().delete("/api/faas/v1/function/echo");
        eu.photon().delete("/api/faas/v1/function/env");

        for (var region : regions.all()) {
            awaitCondemned(region, "echo");
            awaitCondemned(region, "env");
        }
        assertThat(last(us, "version/env/1.0.0")).isEqualTo("{\"deleted\":true}");
        for (var region : regions.all()) {
            aDayLater(region, () -> !isStored(region, "echo") && !isStored(region, "env"));
        }
    }

    private void awaitCondemned(TestingRegion region, String name) throws IOException {
        var digest = digest(name);
        await().atMost(PATIENCE).until(() -> last(region, "condemned/" + digest).contains("since"));
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    /** In place of the region's registry one whose clock is ahead. */
    private void aDayLater(TestingRegion region, Condition condition) throws Exception {
        region.stopRoles();
        var all = new HashMap<>(regions.settings(region));
        all.put("PHOTON_CACHE", folder.path().toString());
        var settings = new Settings(all::get);
        var ahead = Clock.offset(Clock.systemUTC(), LATER);
        try (var registry = new Registry(RegionConfig.read(settings), RegistryConfig.read(settings), ahead)) {
            await().atMost(PATIENCE).until(condition::holds);
            assertThat(registry.active()).isTrue();
        }
    }

    private static Digest digest(String name) throws IOException {
        return Digest.of(guest(name));
    }

    /** As compaction will leave it. */
    private boolean isStored(TestingRegion region, String name) throws IOException {
        var chunk = digest(name) + "/0";
        return region.photon().readAll(TOPICS.artifacts()).stream()
                .filter(stored -> new String(stored.key(), UTF_8).equals(chunk))
                .map(stored -> stored.value() != null)
                .reduce(false, (before, after) -> after);
    }

    /** What the key stands for now in the region's own functions. */
    private static String last(TestingRegion region, String key) {
        return region.photon().readAll(TOPICS.functions()).stream()
                .filter(written -> new String(written.key(), UTF_8).equals(key))
                .map(written -> new String(written.value(), UTF_8))
                .reduce("", (before, after) -> after);
    }
}
