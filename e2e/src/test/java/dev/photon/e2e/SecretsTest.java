package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.cli.Role;
import dev.photon.e2e.Launcher.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values that a function gets and nobody else. */
class SecretsTest {
    private static final String KEY = "the operator's key of 32 characters or more";
    private static final String VALUE = "correct horse battery staple";
    private static final String USES_IT = "[env_vars]\nTOKEN = { secret = \"token\" }\nPLAIN = \"as it is\"\n";

    @TempDir
    Path folder;

    private TestingKafka kafka;
    private PhotonTester photon;

    @BeforeEach
    void start() throws Exception {
        kafka = TestingKafka.embedded();
        photon = region(KEY);
    }

    @AfterEach
    void stop() throws IOException {
        photon.close();
        kafka.close();
    }

    private PhotonTester region(String key) throws IOException, InterruptedException {
        return PhotonTester.start(
                kafka.bootstrap(),
                EnumSet.allOf(Role.class),
                Map.of("PHOTON_SECRETS_KEY", key, "PHOTON_PARTITIONS", "1"));
    }

    @Test
    void aFunctionHasItInItsEnvironmentAndANewValueFromItsNextCallOn() throws Exception {
        set("token", VALUE);
        photon.deployGuest("env", USES_IT);
        assertThat(photon.get("/fn/env").body()).contains("TOKEN=" + VALUE + "\n", "PLAIN=as it is\n");

        set("token", "another value");

        assertThat(photon.get("/fn/env").body()).contains("TOKEN=another value\n");
    }

    @Test
    void itStandsNowhereInTheLogOrInAnAnswer() throws Exception {
        set("token", VALUE);
        photon.deployGuest("env", USES_IT);

        var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        for (var topic : List.of(TOPICS.deployments(), TOPICS.deploymentResults(), TOPICS.functions())) {
            records.addAll(photon.readAll(topic));
        }
        assertThat(records).hasSizeGreaterThan(4);
        assertThat(records)
                .noneMatch(stored -> stored.value() != null && text(stored).contains(VALUE));
        for (var path : List.of("secrets", "download/env?metaOnly=true", "function/env/history")) {
            assertThat(photon.get("/api/faas/v1/" + path).body()).contains("o").doesNotContain(VALUE);
        }
    }

    private static String text(ConsumerRecord<byte[], byte[]> stored) {
        return new String(stored.value(), ISO_8859_1);
    }

    @Test
    void isThereAfterARestartAndClosedToAnotherKey() throws Exception {
        set("token", VALUE);
        photon.deployGuest("env", USES_IT);
        photon.close();

        photon = region("a new key in front which seals from now on," + KEY);
        assertThat(photon.get("/fn/env").body()).contains("TOKEN=" + VALUE);
        photon.close();

        photon = region("a key that an operator has mistaken for it");
        var answer = photon.get("/fn/env");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("PHOTON_SECRETS_KEY", "'token'");
    }

    @Test
    void isDeletedOnlyWhenNoVersionUsesItUnlessForced() throws Exception {
        assertThat(photon.deploy(PhotonTester.guest("env"), PhotonTester.toml("env", "1.0.0") + USES_IT)
                        .body())
                .contains("there is no secret 'token': set it first");
        set("token", VALUE);
        photon.deployGuest("env", USES_IT);

        var refused = photon.delete("/api/faas/v1/secrets/token");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("used by version 1.0.0 of env");
        assertThat(photon.delete("/api/faas/v1/secrets/token?force=true").statusCode())
                .isEqualTo(200);

        assertThat(photon.get("/fn/env").statusCode()).isEqualTo(502);
        assertThat(photon.get("/fn/env").body()).contains("needs the secret 'token', which was deleted");
        assertThat(photon.delete("/api/faas/v1/secrets/token").statusCode()).isEqualTo(404);
    }

    @Test
    void refusesWhatIsNoSecret() throws Exception {
        assertThat(photon.put("/api/faas/v1/secrets/" + "n".repeat(65), VALUE).statusCode())
                .isEqualTo(400);
        assertThat(photon.put("/api/faas/v1/secrets/token", "x".repeat(16 * 1024 + 1))
                        .body())
                .contains("at most 16384 bytes");
        assertThat(photon.put("/api/faas/v1/secrets/token", "a\0b").body()).contains("without a zero character");
        assertThat(photon.put("/api/faas/v1/secrets/token", "").body()).contains("not empty");
        var badToml = PhotonTester.toml("env", "1.0.0") + "[env_vars]\nA = { secret = \"../token\" }\n";
        assertThat(photon.deploy(PhotonTester.guest("env"), badToml).body()).contains("secret = \\\"name\\\"");
    }

    @Test
    void withoutAnOperatorsKeyNoneIsTaken() throws Exception {
        try (var keyless = PhotonTester.start(kafka.bootstrap())) {
            var refused = keyless.put("/api/faas/v1/secrets/token", VALUE);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("its operator must set PHOTON_SECRETS_KEY");
        }
    }

    @Test
    void isSetListedAndDeletedByTheCommandLine() throws Exception {
        Files.writeString(folder.resolve("value"), VALUE);

        assertThat(faas("secret", "set", "token", "--file", "value").output()).contains("set");

        assertThat(faas("secret", "list").output()).startsWith("token  20").doesNotContain(VALUE);
        assertThat(faas("secret", "delete", "token").output()).contains("deleted");
        assertThat(faas("secret", "delete", "token")).isEqualTo(new Run(4, "", "faas: there is no secret 'token'\n"));
    }

    private Run faas(String... arguments) throws IOException, InterruptedException {
        var environment = Map.of("API_URL", photon.url("").toString(), "XDG_CONFIG_HOME", folder.toString());
        return new Launcher(folder, environment).run(arguments);
    }

    private void set(String name, String value) throws Exception {
        assertThat(photon.put("/api/faas/v1/secrets/" + name, value).statusCode())
                .isEqualTo(200);
    }
}
