package dev.photon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.protocol.CommandResult;
import dev.photon.protocol.Digest;
import dev.photon.registry.ArtifactStore;
import dev.photon.registry.CommandSender;
import dev.photon.registry.FunctionView;
import dev.photon.registry.Registry;
import dev.photon.registry.RegistryConfig;
import dev.photon.registry.Resolution;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry and a replicator in each of two regions: what is deployed in one is there in the other, with its bytes. */
class ReplicatedContentTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MODULE_BYTES = 1_000_000;

    @TempDir
    Path folder;

    @Test
    void whatIsDeployedInOneRegionRunsInTheOtherUnlessItIsPlacedElsewhere() throws Exception {
        try (var euKafka = TestingKafka.embedded();
                var usKafka = TestingKafka.embedded()) {
            var regions = "eu %s http://eu; us %s http://us".formatted(euKafka.bootstrap(), usKafka.bootstrap());
            var eu = MirrorRegion.create("eu", regions, "photon");
            var us = MirrorRegion.create("us", regions, "photon");
            try (var euRegistry = registry(eu);
                    var usRegistry = registry(us);
                    var commands = new CommandSender(eu.config(), "test");
                    var replicator = us.replicator(folder.resolve("replicator"));
                    var view = new FunctionView(us.config(), "test")) {
                await().atMost(PATIENCE).until(() -> euRegistry.ready() && usRegistry.ready() && replicator.ready());
                commands.positioned().get(30, TimeUnit.SECONDS);
                var kept = PhotonTester.padded(PhotonTester.guest("status"), MODULE_BYTES);
                deploy(commands, kept, "kept", "\n[placement]\nregions = [\"eu\"]\n");
                var module = PhotonTester.padded(PhotonTester.guest("echo"), MODULE_BYTES);
                deploy(commands, module, "hello", "");

                await().atMost(PATIENCE).until(() -> resolve(view, "hello") instanceof Resolution.Found);

                var manifest = ((Resolution.Found) resolve(view, "hello")).manifest();
                var here = new ArtifactStore(us.config().kafka(), us.config().topics(), folder.resolve("executor"));
                assertThat(Files.readAllBytes(here.fetch(manifest.module()))).isEqualTo(module);
                await().atMost(PATIENCE)
                        .until(() -> replicator.readings().getFirst().artifacts() == 1);
                assertThat(resolve(view, "kept")).isInstanceOf(Resolution.NotHere.class);
                assertThat(bytesOf(us, us.config().topics().artifacts())).isEqualTo(module.length);
                assertThat(bytesOf(us, us.config().topics().uploads())).isEqualTo(module.length);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(onItsWay()).isEmpty());
            }
        }
    }

    /** Which has had more partitions since then, so that the content lies on another one than it would now. */
    @Test
    void whatALostRegionDeployedComesFromOneThatHasIt() throws Exception {
        try (var usKafka = TestingKafka.embedded();
                var apKafka = TestingKafka.embedded()) {
            var loss = loseTheDeployingRegion(usKafka, apKafka);
            var ap = loss.ap();

            try (var registry = registry(ap);
                    var replicator = ap.replicator(folder.resolve("ap"));
                    var view = new FunctionView(ap.config(), "test")) {
                var us = replicator.readings().stream()
                        .filter(readings -> readings.origin().equals("us"))
                        .findFirst()
                        .orElseThrow();
                // From then on the other one, which does not answer, is not waited for.
                await().atMost(PATIENCE).until(() -> us.lag().isPresent());
                ap.write(loss.known());
                await().atMost(PATIENCE).until(() -> resolve(view, "hello") instanceof Resolution.Found);

                assertThat(registry.ready()).isTrue();
                await().atMost(PATIENCE).until(() -> us.artifacts() == 1);
            }
        }
    }

    /** A region, and what it knows of the functions of the one that is lost. */
    private record Loss(MirrorRegion ap, List<ProducerRecord<byte[], byte[]>> known) {}

    private Loss loseTheDeployingRegion(TestingKafka usKafka, TestingKafka apKafka) throws Exception {
        try (var euKafka = TestingKafka.embedded()) {
            var regions = "eu %s http://eu; us %s http://us; ap %s http://ap"
                    .formatted(euKafka.bootstrap(), usKafka.bootstrap(), apKafka.bootstrap());
            var eu = MirrorRegion.create("eu", regions, "photon");
            var us = MirrorRegion.create("us", regions, "photon");
            var ap = MirrorRegion.create("ap", regions, "photon");
            try (var euRegistry = registry(eu);
                    var usRegistry = registry(us);
                    var commands = new CommandSender(eu.config(), "test");
                    var replicator = us.replicator(folder.resolve("us"));
                    var view = new FunctionView(us.config(), "test")) {
                await().atMost(PATIENCE).until(() -> euRegistry.ready() && usRegistry.ready() && replicator.ready());
                commands.positioned().get(30, TimeUnit.SECONDS);
                var module = PhotonTester.padded(PhotonTester.guest("echo"), MODULE_BYTES);
                deploy(commands, module, "hello", "");
                await().atMost(PATIENCE).until(() -> resolve(view, "hello") instanceof Resolution.Found);
                spread(us, Digest.of(module));
            }
            return new Loss(ap, ap.functionsOf(eu));
        }
    }

    /** Gives artifacts as many more partitions as move what is written anew. */
    private static void spread(MirrorRegion region, Digest digest) throws Exception {
        var before = region.config().plan().partitions();
        var more = before + 1;
        while (partition(digest, more) == partition(digest, before)) {
            more++;
        }
        try (var admin = region.config().kafka().admin()) {
            var artifacts = region.config().topics().artifacts();
            admin.createPartitions(Map.of(artifacts, NewPartitions.increaseTo(more)))
                    .all()
                    .get();
        }
    }

    private static int partition(Digest digest, int partitions) {
        return Math.floorMod(digest.hex().hashCode(), partitions);
    }

    private List<Path> onItsWay() throws IOException {
        try (var files = Files.walk(folder.resolve("replicator"))) {
            return files.filter(file -> Files.isRegularFile(file) && !file.endsWith(".lock"))
                    .toList();
        }
    }

    private Registry registry(MirrorRegion region) {
        var cache = folder.resolve("registry-" + region.config().name());
        return new Registry(region.config(), new RegistryConfig(5_000_000, 5_000_000, cache), Clock.systemUTC());
    }

    private static void deploy(CommandSender commands, byte[] module, String name, String moreToml) throws Exception {
        var deployment =
                CommandSender.Deployment.of(ByteBuffer.wrap(module), PhotonTester.toml(name, "1.0.0") + moreToml);
        var decision = commands.deploy(deployment, "test").decision().get(30, TimeUnit.SECONDS);
        assertThat(decision).isInstanceOf(CommandResult.Accepted.class);
    }

    private static Resolution resolve(FunctionView view, String name) {
        return view.resolve(name, Optional.empty(), () -> "");
    }

    private static long bytesOf(MirrorRegion region, String topic) {
        return IntStream.range(0, region.config().plan().partitions())
                .mapToObj(number -> region.read(new TopicPartition(topic, number)))
                .flatMap(List::stream)
                .mapToLong(ConsumerRecord::serializedValueSize)
                .sum();
    }
}
