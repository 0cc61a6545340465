package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.registry.KeyRole;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may do what, in a region that has keys. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeysTest {
    private static final String API = "/api/faas/v1";
    private static final String OPERATOR = "the operator's own key";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private TestingKafka kafka;
    private PhotonTester photon;

    @BeforeAll
    void start() throws Exception {
        kafka = TestingKafka.embedded();
        photon = PhotonTester.start(kafka.bootstrap(), EnumSet.allOf(Role.class), Map.of("PHOTON_API_KEY", OPERATOR));
        photon.useKey(OPERATOR);
        photon.deployGuest("echo");
        photon.deploy(guest("echo"), "auth = \"public\"\n" + toml("open", "1.0.0"));
    }

    @AfterAll
    void stop() throws Exception {
        photon.close();
        kafka.close();
    }

    private JsonObject create(KeyRole role) throws Exception {
        photon.useKey(OPERATOR);
        var wish = new JsonObject()
                .put("label", "a test's")
                .put("roles", new JsonArray().add(role.name().toLowerCase(Locale.ROOT)));
        var answer = photon.post(API + "/keys", wish.toString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    @ParameterizedTest
    @CsvSource({
        "READ,   200, 403, 403, 403",
        "INVOKE, 403, 200, 403, 403",
        "DEPLOY, 403, 403, 200, 403",
        "ADMIN,  200, 200, 200, 200"
    })
    void aKeyOpensWhatItsRolesAreFor(KeyRole role, int reading, int calling, int deploying, int keys) throws Exception {
        photon.useKey(create(role).getString("key"));

        assertThat(photon.get(API + "/functions").statusCode()).isEqualTo(reading);
        assertThat(photon.get("/metrics").statusCode()).isEqualTo(reading);
        assertThat(photon.post("/fn/echo", "x").statusCode()).isEqualTo(calling);
        assertThat(photon.post(API + "/execute/echo/1.0.0", "x").statusCode()).isEqualTo(calling);
        assertThat(photon.deploy(guest("echo"), toml("by-" + role, "1.0.0")).statusCode())
                .isEqualTo(deploying);
        assertThat(photon.get(API + "/keys").statusCode()).isEqualTo(keys);
    }

    @Test
    void withoutAKeyOnlyWhatIsPublicAnswers() throws Exception {
        photon.useKey("");

        assertRefused(photon.post("/fn/echo", "x"), 401, "unauthorized");
        assertRefused(photon.post("/fn/nobody", "x"), 401, "unauthorized");
        assertRefused(photon.deploy(guest("echo"), toml("intruder", "1.0.0")), 401, "unauthorized");
        assertRefused(photon.get(API + "/functions"), 401, "unauthorized");
        assertThat(photon.get(API + "/functions").headers().firstValue("www-authenticate"))
                .isPresent();
        assertThat(photon.post("/fn/open", "come in").body()).isEqualTo("come in");
        assertThat(photon.get(API + "/health").statusCode()).isEqualTo(200);
        assertThat(photon.get("/openapi.json").statusCode()).isEqualTo(200);
    }

    @Test
    void aRevokedKeyOpensNothing() throws Exception {
        var key = create(KeyRole.INVOKE);
        photon.useKey(key.getString("key"));
        assertThat(photon.post("/fn/echo", "x").statusCode()).isEqualTo(200);

        photon.useKey(OPERATOR);
        assertThat(photon.delete(API + "/keys/" + key.getString("id")).statusCode())
                .isEqualTo(200);
        assertRefused(photon.delete(API + "/keys/" + key.getString("id")), 404, "not-found");

        photon.useKey(key.getString("key"));
        assertRefused(photon.post("/fn/echo", "x"), 401, "unauthorized");
    }

    @Test
    void aKeyThatIsRevokedInTheMiddleOfAnUploadDeploysNothing() throws Exception {
        var key = create(KeyRole.DEPLOY);
        var part = "--b\r\ncontent-disposition: form-data; name=\"%s\"; filename=\"f\"\r\n\r\n";
        var form = new ByteArrayOutputStream();
        form.writeBytes(part.formatted("functionFile").getBytes(US_ASCII));
        form.writeBytes(guest("echo"));
        form.writeBytes(
                ("\r\n" + part.formatted("photoniqToml") + toml("late", "1.0.0") + "\r\n--b--\r\n").getBytes(US_ASCII));
        var head = "POST %s/deploy HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: apikey %s\r\n"
                        .formatted(API, key.getString("key"))
                + "content-type: multipart/form-data; boundary=b\r\ncontent-length: %d\r\n\r\n".formatted(form.size());
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), photon.url("").getPort())) {
            var out = socket.getOutputStream();
            out.write(head.getBytes(US_ASCII));
            out.write(form.toByteArray(), 0, form.size() / 2);
            out.flush();

            photon.delete(API + "/keys/" + key.getString("id"));
            out.write(form.toByteArray(), form.size() / 2, form.size() - form.size() / 2);

            var answer = new String(socket.getInputStream().readNBytes(12), US_ASCII);
            assertThat(answer).isEqualTo("HTTP/1.1 401");
        }
        assertThat(photon.get(API + "/functions").body()).doesNotContain("late");
    }

    @Test
    void listsKeysWithoutTheirSecretsAndNamesThemInHistories() throws Exception {
        var key = create(KeyRole.DEPLOY);
        photon.useKey(key.getString("key"));
        photon.deploy(guest("echo"), toml("signed", "1.0.0"));

        photon.useKey(OPERATOR);

        assertThat(photon.get(API + "/keys").body())
                .contains(key.getString("id"), "a test's", "deploy")
                .doesNotContain(key.getString("key"), "hash");
        assertThat(photon.get(API + "/function/signed/history").body()).contains(key.getString("id"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|needs roles",
                "{\"roles\":[]}|needs roles",
                "{\"roles\":[\"king\"]}|one of admin, deploy, invoke and read",
                "[]|not a JSON object",
                "nonsense|not a JSON object",
                "``|needs roles"
            })
    void refusesAKeyThatIsNoneWithAReason(String body, String reason) throws Exception {
        photon.useKey(OPERATOR);

        var answer = photon.post(API + "/keys", body);

        assertRefused(answer, 400, "bad-request");
        assertThat(answer.body()).contains(reason);
    }

    @Test
    void slowsDownWhoGuesses() throws Exception {
        await().atMost(PATIENCE).untilAsserted(() -> {
            photon.useKey("pk_000000000000_guessed");
            assertThat(photon.get(API + "/functions").statusCode()).isEqualTo(429);
        });
        photon.useKey(OPERATOR);
        assertThat(photon.get(API + "/functions").statusCode()).isEqualTo(200);
    }

    @Test
    void refusesToServeStrangersWithoutAKey() throws Exception {
        try (var other = TestingKafka.embedded()) {
            assertThatThrownBy(() -> PhotonTester.start(
                            other.bootstrap(), EnumSet.allOf(Role.class), Map.of("PHOTON_HOST", "0.0.0.0")))
                    .rootCause()
                    .hasMessageContaining("PHOTON_API_KEY");
        }
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String kind) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(answer.body()).contains("urn:photon:error:" + kind);
    }
}
