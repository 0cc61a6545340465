package dev.photon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.photon.e2e.Launcher.Run;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of a function before it is deployed, by the real launcher and stock compilers. */
class LocalCommandTest {
    private static final String FAAS = Launcher.FAAS.toString();
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int REFUSED = 1;
    private static final int MISUSED = 2;
    private static final int UNAVAILABLE = 3;
    private static final int NOT_FOUND = 4;
    private static final String ENDLESS = "int main(void) { for (volatile int i = 0;; i++) {} }\n";

    @TempDir
    Path folder;

    @TempDir
    Path outputs;

    private final HttpClient http = HttpClient.newHttpClient();

    @ParameterizedTest
    @ValueSource(strings = {"rust", "c", "assemblyscript", "js"})
    void walksThroughTheLifeOfAFunction(String lang) throws Exception {
        output("new", "mine", "--lang", lang);
        assertThat(output("list")).isEqualTo("mine  not built\n");
        assertThat(faas("execute").error()).contains("faas build").hasLineCount(1);

        var tested = run(folder.resolve("functions/mine"), "./test.sh");

        assertThat(tested.output()).as(tested.error()).endsWith("passed\n");
        var executed = faas("execute", "mine", "--data", "Ada", "--header", "x-one: 1");
        assertThat(executed.output()).isEqualTo("Hello, Ada!\n");
        assertThat(executed.error()).startsWith("INFO greeting ").contains("Ada");
        assertThat(output("info")).contains("version        1.0.0", "lang           " + lang, "status         built");
        assertThat(faas("delete")).returns(REFUSED, Run::exitCode);
        output("delete", "mine", "--force");
        assertThat(folder.resolve("functions")).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({
        "new x --lang perl,   1, there is no template for 'perl'",
        "new ../x,            1, the name must be",
        "new there,           1, functions/there exists already",
        "execute nobody,      4, there is no photoniq.toml of 'nobody'",
        "execute --header x,  1, 'a header is ''name: value'', not ''x'''",
        "build,               1, build.sh of 'there' ended with exit code 127",
    })
    void refusesInOneLine(String arguments, int exitCode, String reason) throws Exception {
        Files.createDirectories(folder.resolve("functions/there"));
        Files.writeString(folder.resolve("functions/there/photoniq.toml"), "name = 'there'\nversion = '1.0.0'");
        Files.writeString(folder.resolve("functions/there/build.sh"), "exec nothing.sh");
        Files.write(folder.resolve("functions/there/there.wasm"), PhotonTester.guest("echo"));

        var refused = faas(arguments.split(" ", -1));

        assertThat(refused.exitCode()).isEqualTo(exitCode);
        assertThat(refused.error()).contains(reason).doesNotContain("\tat ");
        assertThat(refused.error().lines().filter(line -> line.startsWith("faas: ")))
                .hasSize(1);
    }

    @Test
    void tellsScriptsWhatWentWrong() throws Exception {
        assertThat(faas("new").exitCode()).isEqualTo(MISUSED);
        assertThat(faas("info", "nobody").exitCode()).isEqualTo(NOT_FOUND);
        Files.writeString(folder.resolve("photoniq.toml"), "name = 'f'\nversion = '1.0.0'\nruntime.timeout_ms = 100");
        Files.write(folder.resolve("f.wasm"), PhotonTester.guest("loop"));
        assertThat(faas("execute"))
                .isEqualTo(new Run(UNAVAILABLE, "", "faas: the function ran longer than its limit of 100 ms\n"));
        Files.write(folder.resolve("f.wasm"), PhotonTester.guest("unknown-import"));
        assertThat(faas("execute")).returns(REFUSED, Run::exitCode);
    }

    @Test
    void takesSecretsFromItsOwnEnvironment() throws Exception {
        var toml = "name = 'f'\nversion = '1.0.0'\nenv_vars.TOKEN = { secret = 'token' }\n";
        Files.writeString(folder.resolve("photoniq.toml"), toml);
        Files.write(folder.resolve("f.wasm"), PhotonTester.guest("env"));

        assertThat(faas("execute"))
                .isEqualTo(new Run(
                        REFUSED, "", "faas: TOKEN is a secret: set TOKEN in the environment of this command\n"));
        assertThat(run(folder, "env", "TOKEN=a value", FAAS, "execute").output())
                .contains("TOKEN=a value\n");
    }

    @Test
    void servesWhatIsThereAndSwapsWhatChanged() throws Exception {
        output("new", "mine", "--lang", "c");
        var source = folder.resolve("functions/mine/main.c");
        var first = Files.readString(source);
        var screen = outputs.resolve("screen");
        var running = new ProcessBuilder(FAAS, "run", "--port", "0")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(screen.toFile())
                .start();
        try {
            shows(screen, "ready http://");
            var url = Files.readString(screen)
                    .lines()
                    .filter(line -> line.startsWith("ready "))
                    .findFirst()
                    .orElseThrow()
                    .split(" ", -1)[1];
            assertThat(get(url + "/mine/Ada").body()).isEqualTo("Hello, Ada!\n");
            assertThat(get(url + "/nobody").headers().firstValue("content-type"))
                    .contains("application/problem+json");
            shows(screen, "GET /mine/Ada 200 ", "mine: INFO greeting Ada");

            Files.writeString(source, first.replace("%s, %s!", "%s again, %s!"));
            answers(url + "/mine/Ada", 200, "Hello again, Ada!\n");

            Files.writeString(source, "no C at all");
            shows(screen, "error: unknown type name 'no'", "1.0.0-dev.2 goes on answering");
            assertThat(get(url + "/mine/Ada").body()).isEqualTo("Hello again, Ada!\n");

            Files.writeString(source, ENDLESS);
            answers(url + "/mine", 504, "longer than its limit of 2000 ms");

            running.destroy();
            assertThat(running.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> get(url + "/mine")).isInstanceOf(ConnectException.class);
        } finally {
            running.destroyForcibly();
        }
    }

    @Test
    void completesCommandsInBash() throws Exception {
        var script = Files.writeString(outputs.resolve("faas-completion"), output("completion"));

        assertThat(run(folder, "bash", "-n", script.toString())).isEqualTo(new Run(0, "", ""));
        var typed =
                "source '" + script + "'; COMP_WORDS=(faas rem); COMP_CWORD=1; _complete_faas; echo ${COMPREPLY[@]}";
        assertThat(run(folder, "bash", "-c", typed).output()).isEqualTo("remote\n");
    }

    @Test
    void looksAtWhatIsNeeded() throws Exception {
        try (var kafka = TestingKafka.embedded()) {
            var healthy = output("doctor", "--lang", "c", "--bootstrap", kafka.bootstrap());
            assertThat(healthy)
                    .contains("jdk ", "c               ok ")
                    .containsPattern("answers, 0 of \\d+ topics are there and safe");
        }
        var unreachable = faas("doctor", "--output", "json", "--url", "http://127.0.0.1:1");
        assertThat(unreachable.exitCode()).isEqualTo(REFUSED);
        assertThat(unreachable.output()).contains("\"subject\" : \"region\"", "\"state\" : \"problem\"");
    }

    @Test
    void keepsColourFromWhatIsNoTerminal() throws Exception {
        assertThat(output("help", "run")).contains("--port").doesNotContain("\u001b");
    }

    private void answers(String url, int status, String part) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            var answer = get(url);
            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.body()).contains(part);
        });
    }

    private static void shows(Path screen, String... parts) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Files.readString(screen)).contains(parts));
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    private String output(String... arguments) throws IOException, InterruptedException {
        var run = faas(arguments);
        assertThat(run.error()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return run.output();
    }

    private Run faas(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(FAAS));
        command.addAll(List.of(arguments));
        return run(folder, command.toArray(String[]::new));
    }

    private Run run(Path here, String... command) throws IOException, InterruptedException {
        var output = outputs.resolve("output");
        var error = outputs.resolve("error");
        var builder = new ProcessBuilder(command)
                .directory(here.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(output.toFile())
                .redirectError(error.toFile());
        builder.environment().put("FAAS", FAAS);
        builder.environment().put("FAAS_JAVA_OPTIONS", Launcher.QUICK_COMPILER);
        builder.environment().put("XDG_CONFIG_HOME", outputs.toString());
        var exitCode = builder.start().waitFor();
        return new Run(exitCode, Files.readString(output), Files.readString(error));
    }
}
