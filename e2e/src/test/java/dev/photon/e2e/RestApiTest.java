package dev.photon.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.cli.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The whole REST API, as a script with curl meets it. */
class RestApiTest {
    private static final String KEY = "the operator's key";
    private static final Path ROOT =
            Path.of(System.getProperty("photon.root", "..")).toAbsolutePath();

    @Test
    void answersAScriptAsPublished() throws Exception {
        try (var kafka = TestingKafka.embedded()) {
            walks(kafka);
        }
    }

    @Test
    void answersAScriptAsPublishedOnAContainersBroker() throws Exception {
        try (var kafka = TestingKafka.containerOrSkip()) {
            walks(kafka);
        }
    }

    private static void walks(TestingKafka kafka) throws IOException, InterruptedException {
        var settings = Map.of("PHOTON_API_KEY", KEY, "PHOTON_SECRETS_KEY", KEY + " and more of it: 32 characters");
        try (var photon = PhotonTester.start(kafka.bootstrap(), EnumSet.allOf(Role.class), settings)) {
            var walk = new ProcessBuilder(
                            ROOT.resolve("e2e/src/test/scripts/walk.sh").toString(),
                            photon.url("").toString(),
                            KEY,
                            ROOT.resolve("e2e/src/test/resources/guests/echo.wasm")
                                    .toString())
                    .redirectErrorStream(true)
                    .start();
            var said = new String(walk.getInputStream().readAllBytes(), UTF_8);
            assertThat(walk.waitFor()).as(said).isZero();
            assertThat(said.lines().filter(line -> line.startsWith("ok "))).hasSizeGreaterThan(70);
        }
    }
}
