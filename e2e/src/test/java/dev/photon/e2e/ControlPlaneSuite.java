package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyCodec;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Versions, aliases and their history, as scripts use them. Runs on every kind of broker. */
abstract class ControlPlaneSuite extends RegionSuite {
    private static final String API = "/api/faas/v1";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private void deploy(String name, String... versions) throws Exception {
        for (var version : versions) {
            assertThat(photon.deploy(guest("echo"), toml(name, version)).statusCode())
                    .isEqualTo(200);
        }
    }

    private static String all(String version) {
        return "[{\"version\":\"%s\",\"weight\":1}]".formatted(version);
    }

    private static String split(String first, double weight, String second, double rest) {
        return "[{\"version\":\"%s\",\"weight\":%s},{\"version\":\"%s\",\"weight\":%s}]"
                .formatted(first, weight, second, rest);
    }

    private static String versionOf(HttpResponse<?> answer) {
        return answer.headers().firstValue("photon-version").orElse("none");
    }

    // Versions

    @Test
    void listsVersionsInTheirOrderAndCallsTheHighestRelease() throws Exception {
        deploy("ordered", "1.10.0", "1.2.0", "2.0.0-rc.1");

        assertThat(photon.get(API + "/function/ordered/versions").body())
                .isEqualTo("[\"1.2.0\",\"1.10.0\",\"2.0.0-rc.1\"]");
        assertThat(photon.get(API + "/functions").body()).contains("\"ordered\"");
        assertThat(versionOf(photon.post("/fn/ordered", "x"))).isEqualTo("1.10.0");
        assertThat(versionOf(photon.post(API + "/execute/ordered/2.0.0-rc.1", "x")))
                .isEqualTo("2.0.0-rc.1");
    }

    @Test
    void fallsBackToTheNextVersionWhenTheLatestIsDeleted() throws Exception {
        deploy("falling", "1.0.0", "2.0.0");

        assertThat(photon.delete(API + "/function/falling/2.0.0").statusCode()).isEqualTo(200);

        assertThat(versionOf(photon.post("/fn/falling", "x"))).isEqualTo("1.0.0");
        assertProblem(photon.post(API + "/execute/falling/2.0.0", "x"), 404, "not-found");
        assertProblem(photon.delete(API + "/function/falling/2.0.0"), 404, "not-found");
    }

    @Test
    void deletesAFunctionAndTakesItAgain() throws Exception {
        deploy("phoenix", "1.0.0", "1.1.0");
        photon.put(API + "/function/phoenix/alias/live", all("1.0.0"));

        assertThat(photon.delete(API + "/function/phoenix").statusCode()).isEqualTo(200);

        assertProblem(photon.post("/fn/phoenix", "x"), 404, "not-found");
        assertProblem(photon.get(API + "/function/phoenix/versions"), 404, "not-found");
        assertThat(photon.get(API + "/functions").body()).doesNotContain("phoenix");
        deploy("phoenix", "1.0.0");
        assertThat(photon.get(API + "/function/phoenix/aliases").body()).isEqualTo("[]");
        assertThat(photon.post("/fn/phoenix", "again").body()).isEqualTo("again");
    }

    @Test
    void downloadsWhatWasDeployed() throws Exception {
        deploy("copied", "1.0.0");

        var latest = photon.download(API + "/download/copied");
        var metadata = photon.get(API + "/download/copied/1.0.0?metaOnly=true");

        assertThat(latest.body()).isEqualTo(guest("echo"));
        assertThat(latest.headers().firstValue("content-type")).contains("application/wasm");
        assertThat(metadata.body())
                .contains("\"version\":\"1.0.0\"", "\"digest\":\"sha256:", "\"size\":" + guest("echo").length);
        assertProblem(photon.get(API + "/download/copied/9.9.9"), 404, "not-found");
        assertProblem(photon.get(API + "/download/nobody"), 404, "not-found");
    }

    @Test
    void hasOneWinnerWhenTwoDeployTheSameVersionAtOnce() throws Exception {
        var races = 200;
        try (var racers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int race = 0; race < races; race++) {
                var toml = toml("raced", "1.0." + race);
                var echo = racers.submit(() -> photon.deploy(guest("echo"), toml));
                var status = racers.submit(() -> photon.deploy(guest("status"), toml));

                var answers = List.of(echo.get(), status.get());

                assertThat(answers).extracting(HttpResponse::statusCode).containsExactlyInAnyOrder(200, 400);
                assertThat(answers).extracting(HttpResponse::body).anyMatch(body -> body.contains("version-exists"));
            }
        }
    }

    @Test
    void callsAFunctionAtAPathOfItsOwn() throws Exception {
        photon.deploy(guest("echo"), "execute_url_suffix = \"/shop/v1\"\n" + toml("basket", "1.0.0"));

        assertThat(photon.post("/shop/v1/basket", "a pear").body()).isEqualTo("a pear");
        assertProblem(photon.get("/shop/v1/nobody"), 404, "not-found");
        assertProblem(photon.get("/shop/basket"), 404, "not-found");
    }

    @Test
    void refusesOtherSettingsUnderTheSameVersion() throws Exception {
        photon.deploy(guest("echo"), "auth = \"public\"\n" + toml("settled", "1.0.0"));

        var changed = photon.deploy(guest("echo"), "auth = \"key\"\n" + toml("settled", "1.0.0"));

        assertProblem(changed, 400, "version-exists");
        assertThat(changed.body()).contains("other settings");
    }

    /** Strangers' keys and ids come back in results; one that would not fit a record must not stop what is behind it. */
    @Test
    void decidesOnWhatComesAfterACommandWithAHugeKey() throws Exception {
        var huge = new ProducerRecord<>(TOPICS.deployments(), new byte[600_000], guest("echo"));
        huge.headers().add("toml", toml("huge", "1.0.0").getBytes(UTF_8));

        photon.send(huge);

        deploy("behind", "1.0.0");
    }

    @Test
    void answersAMalformedCommandUnderItsOwnId() throws Exception {
        var wrong = new ProducerRecord<>(TOPICS.deployments(), "wrong".getBytes(UTF_8), guest("echo"));
        wrong.headers().add("ce_id", "my-own-id".getBytes(UTF_8));

        photon.send(wrong);
        deploy("after-wrong", "1.0.0");

        assertThat(photon.readAll(TOPICS.deploymentResults()))
                .anyMatch(result -> new String(result.key(), UTF_8).equals("my-own-id"));
    }

    @Test
    void deletesNothingWhenTheVersionWasLeftEmpty() throws Exception {
        deploy("kept", "1.0.0");
        var delete = new ProducerRecord<>(TOPICS.deployments(), "kept".getBytes(UTF_8), new byte[0]);
        delete.headers().add("ce_type", "dev.photon.delete".getBytes(UTF_8)).add("ce_photonversion", new byte[0]);

        photon.send(delete);
        deploy("after-kept", "1.0.0");

        assertThat(photon.post("/fn/kept", "still here").body()).isEqualTo("still here");
    }

    /** A history of many aliases with many targets would not fit a record. */
    @Test
    void keepsTheHistoryOfManyTargetsSmall() throws Exception {
        var targets = new StringJoiner(",", "[", "]");
        for (int i = 0; i < 100; i++) {
            var version = "1.0." + i + "-a-long-name-of-a-build-which-some-people-like";
            deploy("wide", version);
            targets.add("{\"version\":\"%s\",\"weight\":0.%d3333333333333}".formatted(version, i + 1));
        }

        for (int i = 0; i < 100; i++) {
            assertThat(photon.put(API + "/function/wide/alias/a" + i, targets.toString())
                            .statusCode())
                    .isEqualTo(200);
        }

        var forced =
                photon.delete(API + "/function/wide/1.0.0-a-long-name-of-a-build-which-some-people-like?force=true");
        assertThat(forced.statusCode()).isEqualTo(200);
        assertThat(new JsonArray(photon.get(API + "/function/wide/history").body()).size())
                .isBetween(1, 100);
    }

    // Aliases

    @Test
    void splitsCallsByWeight() throws Exception {
        deploy("split", "1.0.0", "2.0.0");
        var answer = photon.put(API + "/function/split/alias/live", split("1.0.0", 9, "2.0.0", 1));
        assertThat(answer.statusCode()).isEqualTo(200);
        var calls = 10_000;
        var second = new AtomicInteger();

        Load.run(32, calls, index -> {
            var version = versionOf(photon.post(API + "/execute/split/live", "x"));
            assertThat(version).isIn("1.0.0", "2.0.0");
            if (version.equals("2.0.0")) {
                second.incrementAndGet();
            }
        });

        var deviation = Math.sqrt(calls * 0.1 * 0.9);
        assertThat((double) second.get()).isCloseTo(calls * 0.1, within(5 * deviation));
    }

    @Test
    void rollsBackByAnAlias() throws Exception {
        deploy("rolled", "1.0.0", "2.0.0");
        photon.put(API + "/function/rolled/alias/live", all("2.0.0"));
        assertThat(versionOf(photon.post(API + "/execute/rolled/live", "x"))).isEqualTo("2.0.0");

        photon.put(API + "/function/rolled/alias/live", all("1.0.0"));

        assertThat(versionOf(photon.post(API + "/execute/rolled/live", "x"))).isEqualTo("1.0.0");
        assertThat(photon.get(API + "/function/rolled/alias/live").body())
                .isEqualTo("[{\"version\":\"1.0.0\",\"weight\":1.0}]");
        assertThat(photon.get(API + "/function/rolled/aliases").body())
                .isEqualTo("[{\"name\":\"live\",\"versions\":[{\"version\":\"1.0.0\",\"weight\":1.0}]}]");
        assertThat(photon.put(API + "/function/rolled/alias/live", all("1.0.0")).body())
                .contains("unchanged");
    }

    @Test
    void drawsForPublishersToo() throws Exception {
        deploy("published", "1.0.0", "2.0.0");
        photon.put(API + "/function/published/alias/old", all("1.0.0"));
        var replies = photon.newTopic("published.replies");
        var event = new ProducerRecord<>(TOPICS.entry("local"), (byte[]) null, "hello".getBytes(UTF_8));
        event.headers()
                .add("ce_photonfunction", "published".getBytes(UTF_8))
                .add("ce_photonversion", "old".getBytes(UTF_8))
                .add("ce_photonreplytopic", replies.getBytes(UTF_8));

        photon.send(event);

        var reply = ReplyCodec.decode(photon.read(replies, 1).getFirst());
        assertThat(((Decoded.Valid<Reply>) reply).value().version()).contains("1.0.0");
    }

    @Test
    void keepsAVersionThatAnAliasUsesUnlessForced() throws Exception {
        deploy("used", "1.0.0", "2.0.0");
        photon.put(API + "/function/used/alias/both", split("1.0.0", 1, "2.0.0", 1));
        photon.put(API + "/function/used/alias/first", all("1.0.0"));

        var refused = photon.delete(API + "/function/used/1.0.0");

        assertProblem(refused, 409, "in-use");
        assertThat(refused.body()).contains("both", "first");
        assertThat(photon.delete(API + "/function/used/1.0.0?force=true").statusCode())
                .isEqualTo(200);
        assertThat(photon.get(API + "/function/used/alias/both").body())
                .contains("2.0.0")
                .doesNotContain("1.0.0");
        assertProblem(photon.get(API + "/function/used/alias/first"), 404, "not-found");
    }

    @Test
    void deletesAnAlias() throws Exception {
        deploy("unnamed", "1.0.0");
        photon.put(API + "/function/unnamed/alias/live", all("1.0.0"));

        assertThat(photon.delete(API + "/function/unnamed/alias/live").statusCode())
                .isEqualTo(200);

        assertProblem(photon.post(API + "/execute/unnamed/live", "x"), 404, "not-found");
        assertProblem(photon.delete(API + "/function/unnamed/alias/live"), 404, "not-found");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "plain  | live   | [{\"version\":\"9.9.9\",\"weight\":1}]  | 400 | deploy it first",
                "plain  | live   | [{\"version\":\"1.0.0\",\"weight\":-1}] | 400 | weight",
                "plain  | live   | [{\"version\":\"1.0.0\",\"weight\":0}]  | 400 | zero",
                "plain  | live   | [{\"version\":\"1\",\"weight\":1}]      | 400 | version",
                "plain  | live   | nonsense                                | 400 | not JSON",
                "plain  | live   | ``                                      | 400 | array",
                "plain  | 1.0.0  | [{\"version\":\"1.0.0\",\"weight\":1}]  | 400 | an alias is",
                "plain  | latest | [{\"version\":\"1.0.0\",\"weight\":1}]  | 400 | an alias is",
                "nobody | live   | [{\"version\":\"1.0.0\",\"weight\":1}]  | 404 | no function"
            })
    void refusesAnAliasWithAReason(String function, String alias, String body, int status, String reason)
            throws Exception {
        deploy("plain", "1.0.0");

        var answer = photon.put(API + "/function/" + function + "/alias/" + alias, body);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(answer.body()).contains(reason);
    }

    @Test
    void refusesAHundredAndFirstAliasAndABodyThatIsTooLarge() throws Exception {
        deploy("crowded", "1.0.0");
        for (int i = 0; i < 100; i++) {
            photon.put(API + "/function/crowded/alias/a" + i, all("1.0.0"));
        }

        assertThat(photon.put(API + "/function/crowded/alias/another", all("1.0.0"))
                        .body())
                .contains("at most 100 aliases");
        assertThat(photon.put(API + "/function/crowded/alias/a1", " ".repeat(100_000))
                        .statusCode())
                .isEqualTo(413);
    }

    // History

    @Test
    void tellsWhatChangedAndWhoWishedIt() throws Exception {
        deploy("told", "1.0.0");
        photon.put(API + "/function/told/alias/live", all("1.0.0"));
        var byKafka = new ProducerRecord<>(TOPICS.deployments(), "told".getBytes(UTF_8), new byte[0]);
        byKafka.headers()
                .add("ce_type", "dev.photon.alias".getBytes(UTF_8))
                .add("ce_photonalias", "live".getBytes(UTF_8));
        photon.send(byKafka);
        await().atMost(PATIENCE)
                .until(() -> photon.get(API + "/function/told/aliases").body().equals("[]"));
        photon.delete(API + "/function/told");

        var history = photon.get(API + "/function/told/history").body();

        assertThat(history)
                .containsSubsequence(
                        "\"by\":\"" + photon.caller() + "\",\"action\":\"version-deployed\",\"subject\":\"1.0.0\"",
                        "\"by\":\"" + photon.caller()
                                + "\",\"action\":\"alias-set\",\"subject\":\"live\",\"versions\":[{\"version\":\"1.0.0\"",
                        "\"by\":\"kafka\",\"action\":\"alias-deleted\",\"subject\":\"live\"",
                        "\"by\":\"" + photon.caller() + "\",\"action\":\"function-deleted\"");
        assertProblem(photon.get(API + "/function/nobody/history"), 404, "not-found");
    }

    // Logs

    private JsonArray logs(String query) throws Exception {
        var answer = photon.get(API + "/logs?" + query);
        assertThat(answer.statusCode()).isEqualTo(200);
        return new JsonObject(answer.body()).getJsonArray("logs");
    }

    private JsonArray logs(String query, int lines) {
        return await().atMost(PATIENCE).until(() -> logs(query), found -> found.size() >= lines);
    }

    @Test
    void findsWhatAFunctionWrote() throws Exception {
        photon.deployGuest("stderr");
        var first = photon.get("/fn/stderr")
                .headers()
                .firstValue("photon-invocation-id")
                .orElseThrow();
        var second = photon.get("/fn/stderr")
                .headers()
                .firstValue("photon-invocation-id")
                .orElseThrow();
        var all = logs("functionName=stderr&asc=true", 4);

        assertThat(all.getJsonObject(0).getString("execId")).isEqualTo(first);
        assertThat(all.getJsonObject(3).getString("execId")).isEqualTo(second);
        assertThat(all.getJsonObject(0).getString("fnVersion")).isEqualTo("1.0.0");
        assertThat(all.getJsonObject(0).getString("level")).isEqualTo("INFO");
        assertThat(all.getJsonObject(0).getString("msg")).isEqualTo("a line of log");
        assertThat(logs("functionName=stderr&lines=1").getJsonObject(0).getString("execId"))
                .isEqualTo(second);
        assertThat(logs("executionId=" + first)).hasSize(2);
        assertThat(logs("functionName=stderr&level=WARN")).isEmpty();
        assertThat(logs("functionName=stderr&functionVersion=2.0.0")).isEmpty();
        assertThat(logs("functionName=stderr&end=2024-01-01T00:00:00")).isEmpty();
        assertThat(logs("functionName=stderr&end=1970-01-01T00:00:00")).isEmpty();
        assertThat(logs("functionName=stderr&start=2024-01-01T00:00:00&end=2124-01-01T00:00:00Z"))
                .hasSize(4);
    }

    @Test
    void tellsWhyAFunctionFailed() throws Exception {
        photon.deployGuest("trap");

        photon.get("/fn/trap");

        var line = logs("functionName=trap&level=ERROR", 1).getJsonObject(0);
        assertThat(line.getString("msg")).contains("trapped");
    }

    @Test
    void keepsNoLogWhereNoneIsWanted() throws Exception {
        photon.deploy(guest("stderr"), toml("quiet", "1.0.0") + "[log_settings]\nenabled = false\n");
        photon.deploy(guest("stderr"), toml("strict", "1.0.0") + "[log_settings]\nlevel = \"WARN\"\n");
        photon.deploy(guest("stderr"), toml("talkative", "1.0.0"));

        photon.get("/fn/quiet");
        photon.get("/fn/strict");
        photon.get("/fn/talkative");

        // One thread of the executor sends them in their order.
        logs("functionName=talkative", 1);
        assertThat(logs("functionName=quiet")).isEmpty();
        assertThat(logs("functionName=strict")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "start=yesterday",
        "end=2024-13-01T00:00:00",
        "lines=0",
        "lines=many",
        "level=LOUD",
        "start=%2B999999999-01-01T00:00:00"
    })
    void refusesAQueryOfLogsThatCannotBeRead(String query) throws Exception {
        assertProblem(photon.get(API + "/logs?" + query), 400, "bad-request");
    }

    @Test
    void refusesWebPagesWhileThereAreNoKeys() throws Exception {
        var page = HttpRequest.newBuilder(photon.url(API + "/keys"))
                .header("origin", "https://example.com")
                .POST(HttpRequest.BodyPublishers.ofString("{\"roles\":[\"admin\"]}"))
                .build();

        assertProblem(photon.http().send(page, HttpResponse.BodyHandlers.ofString()), 401, "unauthorized");
    }

    @Test
    void answersPathsThatAreNearlyThere() throws Exception {
        assertProblem(photon.get("/fn"), 404, "not-found");
        assertProblem(photon.get("/%66n/x"), 404, "not-found");
    }

    @Test
    void servesItsOwnDescription() throws Exception {
        assertThat(photon.get("/openapi.json").body()).contains("\"openapi\": \"3.1.0\"");
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String kind) {
        assertThat(answer.body()).contains("urn:photon:error:" + kind);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    }
}
