package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.e2e.Launcher.Run;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a function by the real launcher, from its own folder. */
class RemoteCommandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int REFUSED = 1;
    private static final int MISUSED = 2;
    private static final int UNAVAILABLE = 3;
    private static final int NOT_FOUND = 4;

    @TempDir
    Path folder;

    private TestingKafka kafka;
    private PhotonTester photon;
    private String url;

    @BeforeEach
    void start() throws Exception {
        kafka = TestingKafka.embedded();
        photon = PhotonTester.start(kafka.bootstrap());
        url = photon.url("").toString();
    }

    @AfterEach
    void stop() throws Exception {
        photon.close();
        kafka.close();
    }

    @Test
    void walksThroughTheLifeOfAFunction() throws Exception {
        deploys("1.0.0");
        deploys("1.1.0");
        assertThat(output("list")).isEqualTo("mine\n");
        assertThat(output("version", "list")).isEqualTo("1.0.0\n1.1.0\n");
        assertThat(output("execute", "--data", "by hand", "--header", "content-type: text/plain"))
                .isEqualTo("by hand");
        assertThat(output("status"))
                .contains("version      1.1.0", "url          " + url + "/api/", "name         mine");
        assertThat(output("info", "mine", "1.0.0", "--output", "json")).contains("\"version\" : \"1.0.0\"");
        output("download", "mine", "1.0.0", "--to", "copy.wasm");
        assertThat(folder.resolve("copy.wasm")).hasBinaryContent(guest("echo"));

        output("alias", "update", "mine", "live", "--version", "1.0.0", "--weight", "1");
        output(
                "alias",
                "update",
                "mine",
                "live",
                "--version",
                "1.0.0",
                "--weight",
                "9",
                "--version",
                "1.1.0",
                "--weight",
                "1");
        assertThat(output("alias", "info", "mine", "live")).isEqualTo("1.0.0  9.0\n1.1.0  1.0\n");
        assertThat(output("alias", "list")).isEqualTo("live  1.0.0=9.0 1.1.0=1.0\n");
        assertThat(output("rollback", "mine", "live")).isEqualTo("1.0.0  1.0\n");
        assertThat(output("execute", "mine", "live", "--data", "by alias")).isEqualTo("by alias");

        var refused = remote("delete", "mine", "1.0.0");
        assertThat(refused.exitCode()).isEqualTo(REFUSED);
        assertThat(refused.error()).startsWith("faas: ").contains("live").hasLineCount(1);
        output("delete", "mine", "1.0.0", "--force");
        assertThat(remote("alias", "info", "mine", "live").exitCode()).isEqualTo(NOT_FOUND);
        output("delete", "mine");
        assertThat(output("list")).isEmpty();
        assertThat(output("history")).contains("version-deployed", "alias-set", "version-deleted", "function-deleted");
    }

    private void deploys(String version) throws Exception {
        Files.writeString(folder.resolve("photoniq.toml"), toml("mine", version));
        Files.write(folder.resolve("mine.wasm"), guest("echo"));
        assertThat(output("deploy")).contains("status        deployed");
        assertThat(output("deploy", "--output", "json")).contains("\"status\" : \"unchanged\"");
    }

    @Test
    void sendsOfASiteWhatHasChanged() throws Exception {
        var site = Files.createDirectories(folder.resolve("public/pages"));
        Files.writeString(site.resolveSibling("index.html"), "<h1>home");
        for (int i = 0; i < 20; i++) {
            Files.writeString(site.resolve(i + ".html"), "page " + i);
        }
        Files.writeString(site.resolveSibling(".secret"), "hidden");
        var toml = "\n[static_assets]\ndir = \"public\"\n";
        Files.writeString(folder.resolve("photoniq.toml"), toml("pages", "1.0.0") + toml);

        assertThat(faas("build").output()).contains("21 static files");
        assertThat(new JsonObject(output("deploy", "--output", "json")).getInteger("filesSent"))
                .isEqualTo(21);
        Files.writeString(site.resolve("7.html"), "another page");
        Files.writeString(folder.resolve("photoniq.toml"), toml("pages", "1.1.0") + toml);
        var second = new JsonObject(output("deploy", "--output", "json"));
        assertThat(second.getInteger("filesSent")).isEqualTo(1);
        assertThat(second.getInteger("files")).isEqualTo(21);
        assertThat(new JsonObject(output("deploy", "--output", "json")).getString("status"))
                .isEqualTo("unchanged");
        var route = "[[routes]]\npath = \"/pages/*\"\nmethods = [\"GET\"]\n";
        Files.writeString(folder.resolve("photoniq.toml"), toml("pages", "1.2.0") + toml + route);
        output("deploy", "--bootstrap", kafka.bootstrap());

        await().until(() -> output("version", "list", "pages").contains("1.2.0"));
        assertThat(photon.get("/fn/pages/").body()).isEqualTo("<h1>home");
        assertThat(photon.get("/fn/pages/pages/7.html").body()).isEqualTo("another page");
        assertThat(output("routes")).isEqualTo("/pages/*  GET,HEAD  pages  1.2.0\n");
        assertThat(photon.get("/pages/").body()).isEqualTo("<h1>home");
        assertThat(photon.get("/fn/pages/.secret").statusCode()).isEqualTo(404);
        Files.createSymbolicLink(site.resolve("link"), Path.of("/etc/passwd"));
        assertThat(remote("deploy").error()).contains("link").hasLineCount(1);
    }

    @Test
    void tellsScriptsWhatWentWrong() throws Exception {
        assertThat(remote("deploy"))
                .isEqualTo(new Run(REFUSED, "", "faas: there is no photoniq.toml here or below functions/\n"));
        assertThat(remote("info", "nobody")).isEqualTo(new Run(NOT_FOUND, "", "faas: there is no function 'nobody'\n"));
        assertThat(remote("delete", "mine", "").error()).contains("'' is no name or version");
        assertThat(remote("alias", "update", "mine", "live").exitCode()).isEqualTo(MISUSED);
        photon.deployGuest("trap");
        assertThat(remote("execute", "trap").exitCode()).isEqualTo(UNAVAILABLE);
        url = "http://127.0.0.1:1";
        assertThat(remote("list").exitCode()).isEqualTo(UNAVAILABLE);
    }

    @Test
    void printsWhatAFunctionWrote() throws Exception {
        photon.deployGuest("stderr");
        photon.get("/fn/stderr");
        await().atMost(PATIENCE).until(() -> output("logs", "stderr").contains("and one more"));

        assertThat(output("logs", "stderr", "1.0.0", "--since", "5m"))
                .containsSubsequence("INFO  stderr  1.0.0  ", "a line of log", "and one more.");
        assertThat(output("logs", "--level", "ERROR")).isEmpty();
        assertThat(remote("logs", "--since", "yesterday").exitCode()).isEqualTo(REFUSED);
        followsFrom("stderr");
    }

    /** Lines that come while it runs, each once. */
    private void followsFrom(String name) throws Exception {
        var command = List.of(Launcher.FAAS.toString(), "remote", "logs", name, "-f", "--url", url);
        var output = folder.resolve("followed");
        var following =
                new ProcessBuilder(command).redirectOutput(output.toFile()).start();
        try {
            await().atMost(PATIENCE)
                    .until(() -> Files.readString(output).lines().count() == 2);
            photon.get("/fn/" + name);
            await().atMost(PATIENCE)
                    .until(() -> Files.readString(output).lines().count() == 4);
            photon.get("/fn/" + name);
            await().atMost(PATIENCE)
                    .until(() -> Files.readString(output).lines().count() == 6);
            assertThat(Files.readString(output).lines()).doesNotHaveDuplicates();
        } finally {
            following.destroy();
            following.waitFor();
        }
    }

    @Test
    void logsInWithAKey() throws Exception {
        assertThat(faas("keys", "create", "--role", "read").error()).contains("the first key needs the role admin");
        var created = faas("keys", "create", "--role", "admin", "--label", "mine", "--output", "json");
        var admin = new JsonObject(created.output());
        assertThat(faas("keys", "list").exitCode()).as("without the key").isEqualTo(REFUSED);

        faas("login", "--url", url, "--key", admin.getString("key"));

        assertThat(faas("keys", "list").output()).contains(admin.getString("id"), "admin", "mine");
        var file = folder.resolve("photon/login.json");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(faas("keys", "revoke", admin.getString("id")).error()).contains("make another admin's first");
    }

    /** What a command printed that succeeded. */
    private String output(String... arguments) throws Exception {
        var run = remote(arguments);
        assertThat(run.error()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return run.output();
    }

    private Run remote(String... arguments) throws IOException, InterruptedException {
        return faas(Stream.concat(Stream.of("remote"), Stream.of(arguments)).toArray(String[]::new));
    }

    private Run faas(String... arguments) throws IOException, InterruptedException {
        return new Launcher(folder, Map.of("API_URL", url, "XDG_CONFIG_HOME", folder.toString())).run(arguments);
    }
}
