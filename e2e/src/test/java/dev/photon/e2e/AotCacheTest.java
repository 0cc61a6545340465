package dev.photon.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.e2e.Launcher.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JVM's cache that the real launcher makes for the roles, which helps when it can and never hinders. */
class AotCacheTest {
    private static final Path TARGET = Launcher.FAAS.resolveSibling("cli/target");

    @TempDir
    Path home;

    @TempDir
    Path folder;

    /** And with the better compiler, which a command that ends soon does without. */
    @ParameterizedTest
    @ValueSource(strings = {"ingress", "executor", "registry", "replicator"})
    void startsARoleFromTheCache(String role) throws Exception {
        var options = "-Xlog:class+load -XX:+PrintFlagsFinal";

        var seen = new Launcher(folder, Map.of("FAAS_JAVA_OPTIONS", options)).run(role, "--help");

        assertThat(seen.output())
                .contains("dev.photon.cli.Faas source: shared objects file")
                .containsPattern("TieredStopAtLevel += 4 ");
    }

    @Test
    void startsWithoutACacheThatCouldNotBeMadeOrThatWasDamagedWithoutAWord() throws Exception {
        var faas = installedWithoutTheExamplesToTrainWith();

        var first = new Launcher(folder, Map.of()).run(faas, "executor", "--help");

        assertThat(first.exitCode()).isZero();
        assertThat(cache()).isEmptyFile();
        assertThat(home.resolve("cli/target/training")).doesNotExist();
        assertThat(new Launcher(folder, Map.of()).run(faas, "executor", "--help"))
                .as("no second attempt")
                .isEqualTo(new Run(0, first.output(), ""));

        Files.writeString(cache(), "no cache at all".repeat(1000), UTF_8);

        assertThat(new Launcher(folder, Map.of()).run(faas, "executor", "--help"))
                .as("damaged")
                .isEqualTo(new Run(0, first.output(), ""));
    }

    private Path installedWithoutTheExamplesToTrainWith() throws IOException {
        for (var module :
                List.of("protocol", "registry", "metrics", "ingress", "executor", "replicator", "cli/target")) {
            Files.createDirectories(home.resolve(module));
        }
        Files.createFile(home.resolve("pom.xml"));
        for (var part : List.of("photon-cli.jar", "lib")) {
            Files.createSymbolicLink(home.resolve("cli/target").resolve(part), TARGET.resolve(part));
        }
        Files.createFile(home.resolve("cli/target/faas.built"));
        return Files.copy(Launcher.FAAS, home.resolve("faas"));
    }

    private Path cache() throws IOException {
        try (var found = Files.newDirectoryStream(home.resolve("cli/target"), "*.aot")) {
            return found.iterator().next();
        }
    }
}
