package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.cli.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The whole REST API, as a script with curl meets it, in a region whose roles are restarted one after the other. */
class RestApiTest {
    private static final String KEY = "the operator's key of 32 characters or more";
    private static final Map<String, String> SETTINGS = Map.of("PHOTON_API_KEY", KEY, "PHOTON_SECRETS_KEY", KEY);
    private static final String VERSION = "/api/faas/v1/function/kept/versions";
    private static final Path ROOT =
            Path.of(System.getProperty("photon.root", "..")).toAbsolutePath();

    /** Those of a region that is the only one. */
    private static final Set<Role> ROLES = EnumSet.complementOf(EnumSet.of(Role.REPLICATOR));

    private final Map<Role, PhotonTester> roles = new EnumMap<>(Role.class);

    @Test
    void answersAScriptAsPublishedAndForgetsNothing() throws Exception {
        try (var kafka = TestingKafka.either()) {
            walksThroughRestarts(kafka);
        }
    }

    private void walksThroughRestarts(TestingKafka kafka) throws Exception {
        try {
            for (var role : ROLES) {
                start(role, kafka);
            }
            walk();
            keep();
            for (var role : ROLES) {
                roles.remove(role).close();
                start(role, kafka);
                assertKept();
                walk();
            }
        } finally {
            for (var role : roles.values()) {
                role.close();
            }
        }
    }

    private void start(Role role, TestingKafka kafka) throws IOException, InterruptedException {
        var started = PhotonTester.start(kafka.bootstrap(), EnumSet.of(role), SETTINGS);
        started.useKey(KEY);
        roles.put(role, started);
    }

    private PhotonTester ingress() {
        return roles.get(Role.INGRESS);
    }

    /** A function with whatever a function can have. */
    private void keep() throws IOException, InterruptedException {
        ingress().put("/api/faas/v1/secrets/token", "a value");
        var uses = toml("kept", "1.0.0") + "[env_vars]\nTOKEN = { secret = \"token\" }\n";
        assertThat(ingress().deploy(guest("env"), uses).statusCode()).isEqualTo(200);
        assertThat(ingress().deploy(guest("echo"), toml("kept", "1.1.0")).statusCode())
                .isEqualTo(200);
        ingress().put("/api/faas/v1/function/kept/alias/first", "[{\"version\":\"1.0.0\",\"weight\":1}]");
    }

    private void assertKept() throws IOException, InterruptedException {
        assertThat(ingress().get(VERSION).body()).isEqualTo("[\"1.0.0\",\"1.1.0\"]");
        assertThat(ingress().post("/api/faas/v1/execute/kept/first", "").body()).contains("TOKEN=a value\n");
        assertThat(ingress().post("/fn/kept", "the latest").body()).isEqualTo("the latest");
        assertThat(ingress().download("/api/faas/v1/download/kept").body()).isEqualTo(guest("echo"));
        assertThat(ingress().get("/api/faas/v1/function/kept/history").body()).contains("alias-set");
        assertThat(ingress().deploy(guest("echo"), toml("kept", "1.1.0")).body())
                .contains("unchanged");
    }

    private void walk() throws IOException, InterruptedException {
        var script = new ProcessBuilder(
                        ROOT.resolve("e2e/src/test/scripts/walk.sh").toString(),
                        ingress().url("").toString(),
                        KEY,
                        ROOT.resolve("e2e/src/test/resources/guests/echo.wasm").toString())
                .redirectErrorStream(true)
                .start();
        var said = new String(script.getInputStream().readAllBytes(), UTF_8);
        assertThat(script.waitFor()).as(said).isZero();
        assertThat(said.lines().filter(line -> line.startsWith("ok "))).hasSizeGreaterThan(70);
    }
}
