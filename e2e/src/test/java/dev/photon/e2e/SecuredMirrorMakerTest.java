package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.protocol.Digest;
import dev.photon.protocol.TopicPlan;
import dev.photon.protocol.TopicSetup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MirrorMaker 2 between brokers that deny what {@code k8s/RIGHTS.md} does not list. */
class SecuredMirrorMakerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PASSWORD = "correct-horse-battery-staple";
    private static final String DOOR = "SASL_SSL";

    @Test
    void copiesBothTopicsWithTheRightsOfTheTable(@TempDir Path folder) throws Exception {
        var authority = TestingAuthority.open(folder);
        try (var here = new SecuredKafka(authority);
                var there = new SecuredKafka(authority);
                var photon = PhotonTester.start(
                        there.bootstrap(),
                        EnumSet.of(Role.REGISTRY, Role.INGRESS),
                        Map.of("PHOTON_REGION", "region-2"));
                var local = PhotonTester.start(here.bootstrap(), EnumSet.of(Role.REGISTRY), Map.of())) {
            try (var admin = here.administrator().admin()) {
                TopicSetup.ensure(
                        admin, new TopicPlan(TOPICS, 4, (short) 1, List.of(), List.of("local"), List.of("region-2")));
            }
            var rights = Rights.withMirrorMaker();
            allow(here, "mirror-maker", rights.of("mirror-maker").stream());
            // By another name than the replicator's, which has less.
            allow(there, "copier", Stream.concat(Rights.read().of("reader").stream(), rights.of("reader").stream()));
            var clusters = Map.of(
                    "region-1", client(here, "mirror-maker", authority, manifest()),
                    "region-2", client(there, "copier", authority, Map.of()));
            assertThat(photon.deploy(guest("echo"), toml("copied", "1.0.0")).statusCode())
                    .isEqualTo(200);

            var mirrorMaker = TestingMirrorMaker.start("region-1", clusters);
            try {
                var copies = TOPICS.mirrored("region-2");
                var digest = Digest.of(guest("echo")).toString();
                await().atMost(PATIENCE)
                        .ignoreExceptions()
                        .untilAsserted(() ->
                                assertThat(keys(local, copies.artifacts())).anyMatch(key -> key.startsWith(digest)));
                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(keys(local, copies.functions())).contains("version/copied/1.0.0"));
            } finally {
                mirrorMaker.close();
            }
            assertThat(WatchedAuthorizer.DENIED)
                    .filteredOn(use -> List.of("mirror-maker", "copier").contains(use.user()))
                    .as("but for what the operator does not start")
                    .allMatch(use -> use.name().equals("heartbeats"));
        }
    }

    private static List<String> keys(PhotonTester photon, String topic) {
        return photon.readAll(topic).stream()
                .map(each -> new String(each.key(), UTF_8))
                .toList();
    }

    private static void allow(SecuredKafka kafka, String user, Stream<Rights.Right> rights) throws Exception {
        kafka.password(user, PASSWORD);
        kafka.allow(rights.map(right -> right.binding("User:" + user)).toList());
    }

    private static Map<String, String> client(
            SecuredKafka kafka, String user, TestingAuthority authority, Map<String, String> more) {
        var login = "%s required username=\"%s\" password=\"%s\";"
                .formatted(ScramLoginModule.class.getName(), user, PASSWORD);
        var settings = new HashMap<>(more);
        settings.putAll(Map.of(
                "bootstrap.servers",
                kafka.address(DOOR),
                "security.protocol",
                DOOR,
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                login,
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                authority.certificate().toString()));
        return settings;
    }

    /** What the operator makes of the names in the manifest. */
    private static Map<String, String> manifest() {
        return Map.of(
                "group.id", "photon-mirror-maker",
                "config.storage.topic", "photon-mirror-maker-configs",
                "offset.storage.topic", "photon-mirror-maker-offsets",
                "status.storage.topic", "photon-mirror-maker-status");
    }
}
