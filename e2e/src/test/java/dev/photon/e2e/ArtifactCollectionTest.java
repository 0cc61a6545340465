package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.cli.TemporaryFolder;
import dev.photon.protocol.Digest;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Settings;
import dev.photon.registry.Registry;
import dev.photon.registry.RegistryConfig;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of the chunks on {@code photon.artifacts} that no version names. */
class ArtifactCollectionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TestingClock clock = new TestingClock();
    private TestingKafka kafka;
    private PhotonTester photon;
    private TemporaryFolder folder;
    private Registry registry;

    /** Goes on only when it is told to. */
    private static final class TestingClock extends Clock {
        private volatile Instant now = Instant.parse("2030-01-01T00:00:00Z");

        void goOn(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void start() throws Exception {
        kafka = TestingKafka.embedded();
        photon = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.INGRESS), Map.of("PHOTON_PARTITIONS", "1"));
        folder = new TemporaryFolder();
        var settings = new Settings(Map.of(
                "PHOTON_BOOTSTRAP",
                kafka.bootstrap(),
                "PHOTON_CACHE",
                folder.path().toString())::get);
        registry = new Registry(RegionConfig.read(settings), RegistryConfig.read(settings), clock);
    }

    @AfterEach
    void stop() throws IOException {
        registry.close();
        folder.close();
        photon.close();
        kafka.close();
    }

    @Test
    void contentIsKeptWhileAnyVersionNamesItAndForADayAfterTheLast() throws Exception {
        var echo = Digest.of(guest("echo"));
        deploys("a", "echo");
        deploys("b", "echo");
        assertThat(writes(echo)).isEqualTo(1);

        photon.delete("/api/faas/v1/function/a");
        clock.goOn(Duration.ofDays(2));
        deploys("other", "env");
        assertThat(isStored(echo)).as("b has it").isTrue();

        photon.delete("/api/faas/v1/function/b");
        clock.goOn(Duration.ofHours(23));
        deploys("another", "env");
        assertThat(isStored(echo)).as("not a day has passed").isTrue();

        clock.goOn(Duration.ofHours(1));
        await().atMost(PATIENCE).until(() -> !isStored(echo));
        assertThat(isStored(Digest.of(guest("env")))).isTrue();
    }

    @Test
    void contentThatIsDeployedAgainIsWrittenAgainAndKept() throws Exception {
        var echo = Digest.of(guest("echo"));
        deploys("a", "echo");
        photon.delete("/api/faas/v1/function/a");
        clock.goOn(Duration.ofHours(23));

        deploys("a", "echo");

        assertThat(writes(echo)).isEqualTo(2);
        clock.goOn(Duration.ofDays(2));
        deploys("other", "env");
        assertThat(isStored(echo)).isTrue();
        assertThat(photon.download("/api/faas/v1/download/a").body()).isEqualTo(guest("echo"));
    }

    /** What a registry leaves that was killed between the chunks and the decision. */
    @Test
    void chunksOfADecisionThatNeverCameAreRemoved() throws Exception {
        var digest = Digest.of(new byte[] {1});
        var condemned = new JsonObject()
                .put("digest", digest.toString())
                .put("partition", 0)
                .put("count", 1)
                .put("since", clock.millis());
        photon.send(new ProducerRecord<>(TOPICS.artifacts(), 0, chunk(digest).getBytes(UTF_8), new byte[] {1}));
        photon.send(new ProducerRecord<>(
                TOPICS.functions(),
                ("condemned/" + digest).getBytes(UTF_8),
                condemned.toString().getBytes(UTF_8)));

        clock.goOn(Duration.ofDays(1));

        await().atMost(PATIENCE).until(() -> !isStored(digest));
    }

    private void deploys(String name, String guest) throws Exception {
        assertThat(photon.deploy(guest(guest), toml(name, "1.0.0")).statusCode())
                .isEqualTo(200);
    }

    private static String chunk(Digest digest) {
        return digest + "/0";
    }

    private long writes(Digest digest) {
        return photon.readAll(TOPICS.artifacts()).stream()
                .filter(stored -> new String(stored.key(), UTF_8).equals(chunk(digest)) && stored.value() != null)
                .count();
    }

    /** As compaction will leave it. */
    private boolean isStored(Digest digest) {
        var latest = new HashMap<String, Boolean>();
        photon.readAll(TOPICS.artifacts())
                .forEach(stored -> latest.put(new String(stored.key(), UTF_8), stored.value() != null));
        return latest.getOrDefault(chunk(digest), false);
    }
}
