package dev.photon.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image, run as the manifests say. Continuous integration does not let it be skipped. */
class ImageTest {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String IMAGE = "photon/functions:test";
    private static final String KEY = "a key that may do everything";
    private static final Path HOME = Manifests.FOLDER.resolveSibling("");

    @TempDir
    private Path folder;

    @BeforeAll
    static void build() throws Exception {
        assumeTrue("container".equals(System.getenv("TEST_KAFKA")), "containers are not asked for");
        run(HOME, Map.of(), Manifests.FOLDER.resolve("image/build.sh").toString(), IMAGE);
    }

    private static String run(Path folder, Map<String, String> environment, String... command) throws Exception {
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /** With {@code on} a cache that does not fit is an error, and not only a slow start. */
    @Test
    void startsFromTheCacheThatWasMadeInIt() throws Exception {
        var output = run(
                HOME,
                Map.of(),
                "docker",
                "run",
                "--rm",
                "--network=none",
                "--read-only",
                "--tmpfs=/tmp",
                "--cap-drop=ALL",
                "--env=JDK_JAVA_OPTIONS=-XX:AOTMode=on",
                IMAGE,
                "--version");

        assertThat(output).contains("faas 0.1.0");
    }

    /** Who is told that no answer came in time comes again, and is answered; no answer is wrong or broken. */
    @Test
    void callsAreAnsweredWhileAnExecutorAndABrokerDie() throws Exception {
        try (var region = new Topology(IMAGE, keys());
                var http = HttpClient.newHttpClient()) {
            region.start(1, 2, 2);
            var ingresses = Stream.of("ingress-1", "ingress-2")
                    .map(name -> region.address(name, 8080))
                    .toList();
            run(
                    HOME.resolve("examples/hello"),
                    Map.of("API_URL", ingresses.getFirst().toString(), "API_KEY", KEY),
                    HOME.resolve("faas").toString(),
                    "remote",
                    "deploy");
            var calls = ingresses.stream()
                    .map(ingress -> Callers.call(ingress.resolve("/fn/hello?name=Ada"), KEY))
                    .toList();
            for (var call : calls) {
                await().atMost(PATIENCE)
                        .until(() -> http.send(call, HttpResponse.BodyHandlers.discarding())
                                        .statusCode()
                                == 200);
            }

            try (var callers = new Callers(calls, "Hello, Ada!")) {
                for (var victim : List.of("executor-1", "kafka-2")) {
                    awaitAnswers(callers);
                    region.kill(victim);
                    awaitAnswers(callers);
                }
            }
        }
    }

    /** Some more for each of the callers. */
    private static void awaitAnswers(Callers callers) {
        var enough = callers.fewestAnswers() + 50;
        await().atMost(PATIENCE).until(() -> {
            assertThat(callers.failures()).isEmpty();
            return callers.fewestAnswers() >= enough;
        });
    }

    private Path keys() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.resolve("api-key"), KEY);
        Files.writeString(folder.resolve("secrets-key"), "0123456789abcdef".repeat(3));
        return folder;
    }
}
