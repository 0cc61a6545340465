package dev.photon.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example site, deployed by one command to {@code faas up}, as a browser shows it. */
class BrowserTest {
    private static final Path ROOT = Path.of(System.getProperty("photon.root", ".."));

    @TempDir
    Path folder;

    private HttpServer service;
    private ChildProcess up;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(chromium().isPresent(), "TEST_BROWSER does not say where Chromium is");
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        service.start();
        var data = folder.resolve("data").toString();
        up = ChildProcess.faas(
                Map.of("PHOTON_OUTBOUND_ALLOW", "127.0.0.0/8"),
                "up",
                "--port",
                "0",
                "--kafka-port",
                "0",
                "--data",
                data);
    }

    @AfterEach
    void stop() {
        if (up != null) {
            up.close();
        }
        if (service != null) {
            service.stop(0);
        }
    }

    private static Optional<String> chromium() {
        return Optional.ofNullable(System.getenv("TEST_BROWSER"));
    }

    @Test
    void aBrowserShowsWhatTheFunctionFound() throws Exception {
        var url = up.ready().split(" ", -1)[1];
        var site = copyOfTheExample();

        var deployed = new Launcher(site, Map.of("API_URL", url)).run("remote", "deploy");
        assertThat(deployed.exitCode()).as(deployed.error()).isZero();
        var seen = look(url + "/fn/status-page/");

        assertThat(seen.getString("status")).startsWith("Up").contains("answered 200");
        assertThat(seen.getString("color")).as("the style sheet counts").isEqualTo("rgb(26, 127, 55)");
        assertThat(seen.getString("about")).isEqualTo(url + "/fn/status-page/about");
        assertThat(seen.getString("reloaded"))
                .as("the view has an address of its own")
                .isEqualTo("About");
        assertThat(seen.getJsonArray("problems")).isEmpty();
    }

    /** As its author would change it for another service. */
    private Path copyOfTheExample() throws IOException {
        var example = ROOT.resolve("examples/status-page");
        var copy = folder.resolve("site");
        copy(example, copy);
        var host = "127.0.0.1:" + service.getAddress().getPort();
        var toml = Files.readString(copy.resolve("photoniq.toml"))
                .replaceFirst("allowed_hosts = .*", "allowed_hosts = [\"" + host + "\"]\nallow_http = true")
                .replaceFirst("TARGET = .*", "TARGET = \"http://" + host + "/\"");
        Files.writeString(copy.resolve("photoniq.toml"), toml);
        return copy;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                if (!file.toString().contains("node_modules")) {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                }
            }
        }
    }

    private JsonObject look(String url) throws Exception {
        var script = folder.resolve("browser");
        copy(ROOT.resolve("e2e/src/test/browser"), script);
        run(script, "npm", "ci", "--no-audit", "--no-fund");
        var picture = folder.resolve("page.png").toString();
        return new JsonObject(run(script, "node", "status-page.mjs", chromium().orElseThrow(), url, picture));
    }

    private static String run(Path folder, String... command) throws Exception {
        var process =
                new ProcessBuilder(List.of(command)).directory(folder.toFile()).start();
        try {
            var error = process.errorReader(UTF_8);
            var output = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(output + error.readAllAsString()).isZero();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
