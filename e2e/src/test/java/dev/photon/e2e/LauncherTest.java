package dev.photon.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The real launcher, talked to by a person with curl and kcat alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LauncherTest {
    private static final Path ROOT = Path.of(System.getProperty("photon.root", ".."));
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    static Path data;

    private ChildProcess up;
    private String http;
    private String kafka;

    @BeforeAll
    void start() throws Exception {
        assumeTrue(there("curl") && there("kcat"), "curl and kcat are not installed");
        up = ChildProcess.faas(Map.of(), "up", "--port", "0", "--kafka-port", "0", "--data", data.toString());
        var words = up.ready().split(" ", -1);
        http = words[1];
        kafka = words[3];
    }

    @AfterAll
    void stop() throws Exception {
        if (up != null) {
            assertThat(up.stop()).isTrue();
        }
    }

    @Test
    void deploysAndCallsWithCurl() throws Exception {
        var deployed = run(
                "curl",
                "-sS",
                "-F",
                "functionFile=@" + example("hello.wasm"),
                "-F",
                "photoniqToml=@" + example("photoniq.toml"),
                http + "/api/faas/v1/deploy");
        assertThat(deployed).contains("\"hello\"");

        assertThat(run("curl", "-sS", http + "/fn/hello?name=Ada")).isEqualTo("Hello, Ada!\n");
        assertThat(run("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code} %{content_type}", http + "/fn/nobody"))
                .isEqualTo("404 application/problem+json");
    }

    @Test
    void deploysTriggersAndReadsTheReplyWithKcat() throws Exception {
        var toml = "name = \"kcat-echo\"\nversion = \"1.0.0\"\n";
        var module = ROOT.resolve("e2e/src/test/resources/guests/echo.wasm").toString();
        run("kcat", "-P", "-b", kafka, "-t", "photon.deployments", "-k", "kcat-echo", "-H", "toml=" + toml, module);
        await().atMost(PATIENCE)
                .until(() -> run("curl", "-sS", http + "/api/faas/v1/functions").contains("kcat-echo"));

        var event = Files.writeString(data.resolve("event"), "from kcat");
        run(
                "kcat",
                "-P",
                "-b",
                kafka,
                "-t",
                "photon.in.local",
                "-H",
                "ce_photonfunction=kcat-echo",
                "-H",
                "ce_photonreplytopic=kcat.replies",
                event.toString());

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                run("kcat", "-C", "-b", kafka, "-t", "kcat.replies", "-o", "beginning", "-e", "-q"))
                        .contains("from kcat"));
    }

    @Test
    void tellsMisuseInTheExitCode() throws Exception {
        assertThat(exitCode("faas-unknown-command")).isEqualTo(2);
        assertThat(exitCode("executor", "--bootstrap", "127.0.0.1:1")).isEqualTo(1);
    }

    private static String example(String file) {
        return ROOT.resolve("examples/hello").resolve(file).toString();
    }

    private static boolean there(String command) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "command -v " + command).start().waitFor() == 0;
    }

    private static int exitCode(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(ROOT.resolve("faas").toString()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static String run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        var problems = new String(process.getErrorStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(problems).isZero();
        return output;
    }
}
