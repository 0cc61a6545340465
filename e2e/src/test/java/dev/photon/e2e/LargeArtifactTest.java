package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.protocol.KafkaConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Modules of 100 MB, through a broker with default limits and processes with less than three times that heap. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LargeArtifactTest {
    private static final int SIZE = 100_000_000;
    private static final int PARTITIONS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    static Path folder;

    private TestingKafka kafka;
    private ChildProcess registry;
    private ChildProcess ingress;
    private ChildProcess executor;

    @BeforeAll
    void start() throws Exception {
        kafka = TestingKafka.either();
        registry = role("registry");
        executor = role("executor");
        ingress = role("ingress", "--port", "0");
    }

    @AfterAll
    void stop() throws InterruptedException {
        for (var role : List.of(ingress, executor, registry)) {
            role.stop();
            role.close();
        }
        kafka.close();
    }

    @Test
    void debugInformationIsDeployedOverHttpDownloadedAndIgnoredByRuns() throws Exception {
        var module = module("debug", withDebugInformation(guest("echo")), "");

        succeeds("remote", "deploy");

        assertThat(succeeds("remote", "execute", "debug", "--data", "still an echo"))
                .isEqualTo("still an echo");
        assertThat(downloaded("debug")).hasSameBinaryContentAs(module);
        assertThat(succeeds("remote", "deploy")).contains("unchanged");
    }

    @Test
    void dataIsDeployedOverKafkaAndDownloaded() throws Exception {
        var module = module("data", withData(), "[resource_settings]\nmem = \"200M\"\n");

        succeeds("remote", "deploy", "--bootstrap", kafka.bootstrap());

        assertThat(downloaded("data")).hasSameBinaryContentAs(module);
        assertThat(succeeds("remote", "deploy")).contains("unchanged");
    }

    @Test
    void aRegistryKilledInTheMiddleLeavesNothingHalfDoneAndTheNextOneFinishes() throws Exception {
        var module = module("killed", withDebugInformation(guest("echo")), "");
        var before = chunksWritten();
        var deployment = CompletableFuture.supplyAsync(() -> run("remote", "deploy"));
        await().atMost(PATIENCE).until(() -> chunksWritten() > before);

        registry.kill();

        assertThat(run("remote", "version", "list").error()).contains("there is no function 'killed'");
        registry = role("registry");
        await().atMost(PATIENCE)
                .until(() -> run("remote", "version", "list").output().equals("1.0.0\n"));
        assertThat(succeeds("remote", "deploy")).contains("unchanged");
        assertThat(deployment.join().exitCode()).isZero();
        assertThat(downloaded("killed")).hasSameBinaryContentAs(module);
    }

    private long chunksWritten() {
        try (var consumer = new KafkaConnection(kafka.bootstrap()).consumer("test", Map.of())) {
            var partitions = consumer.partitionsFor(PhotonTester.TOPICS.artifacts()).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            return consumer.endOffsets(partitions).values().stream()
                    .mapToLong(end -> end)
                    .sum();
        }
    }

    private ChildProcess role(String... arguments) throws IOException {
        var environment = new HashMap<String, String>();
        environment.put("FAAS_JAVA_OPTIONS", ""); // so many bytes are worth the better compiler
        environment.put("JDK_JAVA_OPTIONS", "-Xmx256m");
        environment.put("PHOTON_BOOTSTRAP", kafka.bootstrap());
        environment.put("PHOTON_PARTITIONS", Integer.toString(PARTITIONS));
        environment.put("PHOTON_MAX_ARTIFACT_BYTES", Integer.toString(2 * SIZE));
        environment.put("PHOTON_CACHE", folder.resolve("cache-" + arguments[0]).toString());
        return ChildProcess.faas(environment, arguments);
    }

    private String succeeds(String... arguments) {
        var run = run(arguments);
        assertThat(run.exitCode()).as(run.error()).isZero();
        return run.output();
    }

    private Launcher.Run run(String... arguments) {
        var environment = Map.of(
                "FAAS_JAVA_OPTIONS", "-Xmx64m", "API_URL", ingress.ready().replaceFirst(".*(?=http:)", ""));
        try {
            return new Launcher(folder, environment).run(arguments);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Path module(String name, byte[] module, String moreToml) throws IOException {
        Files.writeString(folder.resolve("photoniq.toml"), toml(name, "1.0.0") + moreToml);
        return Files.write(folder.resolve(name + ".wasm"), module);
    }

    private Path downloaded(String name) {
        succeeds("remote", "download", name, "--to", "copy.wasm");
        return folder.resolve("copy.wasm");
    }

    private static byte[] withDebugInformation(byte[] module) {
        var larger = new ByteArrayOutputStream();
        larger.writeBytes(module);
        var content = random(SIZE);
        content[0] = 1; // the length of the section's name
        content[1] = 'x';
        section(larger, 0, content);
        return larger.toByteArray();
    }

    /** A command that does nothing, whose memory begins with random bytes. */
    private static byte[] withData() {
        var module = new ByteArrayOutputStream();
        module.writeBytes(PhotonTester.emptyModule());
        section(module, 1, new byte[] {1, 0x60, 0, 0});
        section(module, 3, new byte[] {1, 0});
        section(module, 5, concat(new byte[] {1, 0}, number(SIZE / 65_536 + 1)));
        section(module, 7, concat(new byte[] {1, 6}, "_start".getBytes(US_ASCII), new byte[] {0, 0}));
        section(module, 10, new byte[] {1, 2, 0, 0x0b});
        section(module, 11, concat(new byte[] {1, 0, 0x41, 0, 0x0b}, number(SIZE), random(SIZE)));
        return module.toByteArray();
    }

    private static void section(ByteArrayOutputStream module, int id, byte[] content) {
        module.write(id);
        module.writeBytes(number(content.length));
        module.writeBytes(content);
    }

    private static byte[] concat(byte[]... parts) {
        var whole = new ByteArrayOutputStream();
        for (var part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    /** Unsigned LEB128, of five bytes. */
    private static byte[] number(int value) {
        var bytes = ByteBuffer.allocate(5);
        for (int shift = 0; shift < 28; shift += 7) {
            bytes.put((byte) (0x80 | (value >>> shift & 0x7f)));
        }
        return bytes.put((byte) (value >>> 28)).array();
    }

    /** What no broker can compress. */
    private static byte[] random(int size) {
        var bytes = new byte[size];
        new Random().nextBytes(bytes);
        return bytes;
    }
}
