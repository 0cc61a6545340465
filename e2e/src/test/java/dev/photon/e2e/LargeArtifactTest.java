package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.protocol.KafkaConnection;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
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
    private static final long SAME = -1; // as Files.mismatch says
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
        var module = withDebugInformation("debug");

        succeeds("remote", "deploy");

        assertThat(succeeds("remote", "execute", "debug", "--data", "still an echo"))
                .isEqualTo("still an echo");
        assertThat(Files.mismatch(module, downloaded("debug"))).isEqualTo(SAME);
        assertThat(succeeds("remote", "deploy")).contains("unchanged");
    }

    @Test
    void dataIsDeployedOverKafkaAndDownloaded() throws Exception {
        var module = withData("data");

        succeeds("remote", "deploy", "--bootstrap", kafka.bootstrap());

        assertThat(Files.mismatch(module, downloaded("data"))).isEqualTo(SAME);
        assertThat(succeeds("remote", "deploy")).contains("unchanged");
    }

    @Test
    void aRegistryKilledInTheMiddleLeavesNothingHalfDoneAndTheNextOneFinishes() throws Exception {
        var module = withDebugInformation("killed");
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
        assertThat(Files.mismatch(module, downloaded("killed"))).isEqualTo(SAME);
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

    /** A module that nothing here holds as a whole, and the toml that deploys it. */
    private Path module(String name, String moreToml, Content content) throws IOException {
        Files.writeString(folder.resolve("photoniq.toml"), toml(name, "1.0.0") + moreToml);
        var file = folder.resolve(name + ".wasm");
        try (var module = new BufferedOutputStream(Files.newOutputStream(file))) {
            content.writeTo(module);
        }
        return file;
    }

    private interface Content {
        void writeTo(OutputStream module) throws IOException;
    }

    private Path downloaded(String name) {
        succeeds("remote", "download", name, "--to", "copy.wasm");
        return folder.resolve("copy.wasm");
    }

    private Path withDebugInformation(String name) throws IOException {
        return module(name, "", module -> {
            module.write(guest("echo"));
            section(module, 0, new byte[] {1, 'x'}, SIZE);
        });
    }

    /** A command that does nothing, whose memory begins with random bytes. */
    private Path withData(String name) throws IOException {
        return module(name, "[resource_settings]\nmem = \"200M\"\n", module -> {
            module.write(PhotonTester.emptyModule());
            section(module, 1, new byte[] {1, 0x60, 0, 0}, 0);
            section(module, 3, new byte[] {1, 0}, 0);
            section(module, 5, concat(new byte[] {1, 0}, number(SIZE / 65_536 + 1)), 0);
            section(module, 7, concat(new byte[] {1, 6}, "_start".getBytes(US_ASCII), new byte[] {0, 0}), 0);
            section(module, 10, new byte[] {1, 2, 0, 0x0b}, 0);
            section(module, 11, concat(new byte[] {1, 0, 0x41, 0, 0x0b}, number(SIZE)), SIZE);
        });
    }

    /** Ends with random bytes, which no broker can compress. */
    private static void section(OutputStream module, int id, byte[] begin, int randomBytes) throws IOException {
        module.write(id);
        module.write(number(begin.length + randomBytes));
        module.write(begin);
        var random = new Random();
        var piece = new byte[100_000];
        for (int left = randomBytes; left > 0; left -= piece.length) {
            random.nextBytes(piece);
            module.write(piece, 0, Math.min(left, piece.length));
        }
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
}
