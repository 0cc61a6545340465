package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.cli.Role;
import dev.photon.protocol.DeadLetter;
import dev.photon.protocol.DeadLetterCodec;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.KafkaConnection;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters over HTTP and by the command, where nothing runs that would touch them. Each test has a function of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeadLettersTest {
    private static final String API = "/api/faas/v1/dead-letters";
    private static final int REFUSED = 1;
    private static final int NOT_FOUND = 4;

    /** Recent, or the brokers would remove what failed then; and not to come. */
    private final Instant begin = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.SECONDS);

    private TestingKafka kafka;
    private PhotonTester photon;

    @TempDir
    Path folder;

    @BeforeAll
    void start() throws Exception {
        kafka = TestingKafka.embedded();
        photon = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.REGISTRY, Role.INGRESS), Map.of());
    }

    @AfterAll
    void stop() throws Exception {
        photon.close();
        kafka.close();
    }

    @Test
    void listsTheNewestFirstInPages() throws Exception {
        for (int offset = 0; offset < 5; offset++) {
            put("paged", "orders", offset, "order " + offset);
        }
        put("paged", "bills", 9, "a bill");
        put("another", "orders", 1, "another's");

        var first = json(photon.get(API + "?functionName=paged&topic=orders&limit=3"));
        var second =
                json(photon.get(API + "?functionName=paged&topic=orders&limit=3&after=" + first.getString("next")));

        assertThat(ids(first)).containsExactly("paged/orders/0/4", "paged/orders/0/3", "paged/orders/0/2");
        assertThat(ids(second)).containsExactly("paged/orders/0/1", "paged/orders/0/0");
        assertThat(first.getBoolean("complete")).isTrue();
        assertThat(second.containsKey("next")).isFalse();
        assertThat(ids(json(photon.get(API + "?functionName=paged")))).hasSize(6);
        assertThat(ids(json(photon.get(API)))).contains("another/orders/0/1");
    }

    @Test
    void theLastOfARecordCounts() throws Exception {
        put("again", "orders", 7, "it failed");
        put(letter("again", "orders", 7, Optional.of("it failed again".getBytes(UTF_8)), 5));

        var found = json(photon.get(API + "?functionName=again")).getJsonArray("deadLetters");

        assertThat(found).hasSize(1);
        assertThat(found.getJsonObject(0).getInteger("attempts")).isEqualTo(5);
        assertThat(json(photon.get(API + "/again/orders/0/7"))
                        .getJsonObject("value")
                        .getString("text"))
                .isEqualTo("it failed again");
    }

    @Test
    void showsAllThatIsKnown() throws Exception {
        put("shown", "orders", 3, "an order\nof two lines");
        put(letter("shown", "orders", 4, Optional.of(new byte[] {0, 1, (byte) 0xff}), 1));
        put(letter("shown", "orders", 5, Optional.empty(), 1));

        var shown = json(photon.get(API + "/shown/orders/0/3"));

        assertThat(shown.getMap())
                .containsEntry("id", "shown/orders/0/3")
                .containsEntry("version", "1.0.0")
                .containsEntry("attempts", 1)
                .containsEntry("error", "function-failed")
                .containsEntry("message", "it trapped")
                .containsEntry("failedAt", failedAt(3).toString())
                .containsEntry("kept", "all");
        assertThat(shown.getJsonObject("key").getString("text")).isEqualTo("customer 3");
        assertThat(shown.getJsonObject("value").getString("text")).isEqualTo("an order\nof two lines");
        assertThat(shown.getJsonArray("headers"))
                .containsExactly(new JsonObject()
                        .put("name", "trace")
                        .put("base64", "YQ==")
                        .put("text", "a"));
        var binary = json(photon.get(API + "/shown/orders/0/4")).getJsonObject("value");
        assertThat(binary).isEqualTo(new JsonObject().put("base64", "AAH/"));
        assertThat(json(photon.get(API + "/shown/orders/0/5")).containsKey("value"))
                .isFalse();
    }

    @Test
    void whatCannotBeReadOrIsNotThereIsSaid() throws Exception {
        assertProblem(photon.get(API + "/no/orders/0/1"), 404, "there is no dead letter 'no/orders/0/1'");
        assertProblem(photon.get(API + "/no/orders/zero/1"), 400, "<function>/<topic>/<partition>/<offset>");
        assertProblem(photon.get(API + "?limit=0"), 400, "limit is a number from 1 to 1000");
        assertProblem(photon.get(API + "?after=yesterday"), 400, "next");
        assertProblem(photon.post(API + "/no/orders/0/1/redrive", ""), 404, "there is no dead letter");
        assertProblem(photon.delete(API + "/no/orders/0/1"), 404, "there is no dead letter");
    }

    @Test
    void aRedriveHandsTheOriginalOnAndKeepsTheDeadLetter() throws Exception {
        deploy("driven");
        put("driven", "orders", 3, "an order");

        var answer = photon.post(API + "/driven/orders/0/3/redrive", "");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(json(answer).getString("status")).isEqualTo("accepted");
        assertThat(redriven("driven")).hasSize(1).first().satisfies(letter -> {
            assertThat(letter.id()).hasToString("driven/orders/0/3");
            assertThat(letter.failure().attempts()).isEqualTo(1);
            assertThat(letter.source().value()).isEqualTo("an order".getBytes(UTF_8));
        });
        assertThat(photon.get(API + "/driven/orders/0/3").statusCode()).isEqualTo(200);
    }

    @Test
    void aRecordThatWasTooLargeToKeepIsNotRedriven() throws Exception {
        deploy("large");
        put(letter("large", "orders", 3, Optional.of(new byte[KafkaConnection.RECORD_BYTES]), 1));
        put("large", "orders", 4, "small");

        assertProblem(photon.post(API + "/large/orders/0/3/redrive", ""), 409, "offset 3 of partition 0 of orders");
        var all = json(photon.post(API + "/large/redrive", ""));

        assertThat(all.getMap()).containsEntry("redriven", 1).containsEntry("leftOut", 1);
        assertThat(redriven("large")).hasSize(1);
    }

    @Test
    void allOfAFunctionAreRedrivenInPagesTheOldestFirst() throws Exception {
        deploy("many");
        for (int offset = 0; offset < 5; offset++) {
            put("many", "orders", offset, "order " + offset);
        }

        var first = json(photon.post(API + "/many/redrive?limit=3", ""));
        assertThat(redriven("many")).extracting(letter -> letter.id().offset()).containsExactlyInAnyOrder(0L, 1L, 2L);
        var second = json(photon.post(API + "/many/redrive?limit=3&after=" + first.getString("next"), ""));

        assertThat(first.getInteger("redriven")).isEqualTo(3);
        assertThat(second.getInteger("redriven")).isEqualTo(2);
        assertThat(second.containsKey("next")).isFalse();
        assertThat(redriven("many")).hasSize(5);
    }

    @Test
    void whatFailsAgainMeanwhileIsOnNoLaterPage() throws Exception {
        deploy("circling");
        put("circling", "orders", 0, "an order");
        put("circling", "orders", 1, "another");

        var first = json(photon.post(API + "/circling/redrive?limit=1", ""));
        put("circling", "orders", 70, "what failed after the first page");
        var second = json(
                photon.post(API + "/circling/redrive?after=" + first.getString("next") + "&until=" + failedAt(69), ""));

        assertThat(Instant.parse(first.getString("until"))).isAfter(failedAt(1));
        assertThat(second.getInteger("redriven")).isEqualTo(1);
        assertThat(second.getString("until")).isEqualTo(failedAt(69).toString());
        assertProblem(photon.post(API + "/circling/redrive?until=soon", ""), 400, "until is a time");
    }

    @Test
    void droppedOnesAreGone() throws Exception {
        for (int offset = 0; offset < 4; offset++) {
            put("dropped", "orders", offset, "order " + offset);
        }

        assertThat(json(photon.delete(API + "/dropped/orders/0/2")).getString("status"))
                .isEqualTo("dropped");
        assertThat(photon.get(API + "/dropped/orders/0/2").statusCode()).isEqualTo(404);
        assertThat(ids(json(photon.get(API + "?functionName=dropped")))).hasSize(3);
        assertThat(json(photon.delete(API + "/dropped?limit=1")).getInteger("dropped"))
                .isEqualTo(1);
        assertThat(json(photon.delete(API + "/dropped")).getInteger("dropped")).isEqualTo(2);
        assertThat(ids(json(photon.get(API + "?functionName=dropped")))).isEmpty();
    }

    @Test
    void theCommandListsShowsRedrivesAndDrops() throws Exception {
        deploy("by-hand");
        put("by-hand", "orders", 1, "first");
        put("by-hand", "orders", 2, "second");
        var faas = new Launcher(folder, Map.of("API_URL", photon.url("").toString()));

        assertThat(faas.run("remote", "dlq", "list", "by-hand").output())
                .isEqualTo("""
                        by-hand/orders/0/2  %s  1.0.0  1  function-failed  it trapped
                        by-hand/orders/0/1  %s  1.0.0  1  function-failed  it trapped
                        """.formatted(failedAt(2), failedAt(1)));
        assertThat(faas.run("remote", "dlq", "show", "by-hand/orders/0/1").output())
                .containsPattern("value +first")
                .containsPattern("header trace +a");
        assertThat(new JsonObject(faas.run("remote", "dlq", "redrive", "by-hand", "--all", "--output", "json")
                        .output()))
                .isEqualTo(new JsonObject().put("redriven", 2).put("leftOut", 0));
        assertThat(faas.run("remote", "dlq", "drop", "by-hand/orders/0/1").exitCode())
                .isZero();
        var missing = faas.run("remote", "dlq", "show", "by-hand/orders/0/1");
        assertThat(missing.exitCode()).isEqualTo(NOT_FOUND);
        assertThat(missing.error()).isEqualTo("faas: there is no dead letter 'by-hand/orders/0/1'\n");
        assertThat(faas.run("remote", "dlq", "redrive", "by-hand").exitCode()).isEqualTo(REFUSED);
    }

    @Test
    void aFunctionWithoutTheTriggerGetsNothingAgain() throws Exception {
        put("idle", "orders", 3, "an order");

        assertProblem(photon.post(API + "/idle/orders/0/3/redrive", ""), 409, "has no trigger of 'orders' any more");
        assertThat(json(photon.post(API + "/idle/redrive", "")).getMap())
                .containsEntry("redriven", 0)
                .containsEntry("leftOut", 1);
        assertThat(redriven("idle")).isEmpty();
    }

    private void deploy(String function) throws Exception {
        var trigger = "[[triggers]]\ntopic = \"orders\"\n";
        var answer = photon.deploy(guest("echo"), toml(function, "1.0.0") + trigger);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private void put(String function, String topic, int offset, String value) throws Exception {
        put(letter(function, topic, offset, Optional.of(value.getBytes(UTF_8)), 1));
    }

    private void put(DeadLetter letter) throws Exception {
        photon.send(DeadLetterCodec.encode(TOPICS.deadLetters(), letter));
    }

    private DeadLetter letter(String function, String topic, int offset, Optional<byte[]> value, int attempts) {
        var original = new DeadLetter.Original(
                Optional.of(("customer " + offset).getBytes(UTF_8)),
                List.of(new RecordHeader("trace", "a".getBytes(UTF_8))),
                value,
                DeadLetter.Kept.ALL);
        var failure = new DeadLetter.Failure(
                Optional.of("1.0.0"),
                attempts,
                ErrorKind.FUNCTION_FAILED,
                "it trapped",
                failedAt(offset).toEpochMilli());
        return new DeadLetter(new DeadLetter.Id(function, topic, 0, offset), 0, original, failure);
    }

    private Instant failedAt(int offset) {
        return begin.plusSeconds(offset);
    }

    private static JsonObject json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return new JsonObject(answer.body());
    }

    private static List<String> ids(JsonObject page) {
        var letters = page.getJsonArray("deadLetters", new JsonArray());
        return letters.stream()
                .map(letter -> ((JsonObject) letter).getString("id"))
                .toList();
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String reason) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(new JsonObject(answer.body()).getString("detail")).contains(reason);
    }

    private List<DeadLetter> redriven(String function) {
        var found = new ArrayList<DeadLetter>();
        for (var source : photon.readAll(TOPICS.redrives())) {
            if (DeadLetterCodec.decode(source) instanceof Decoded.Valid<DeadLetter> valid
                    && valid.value().id().function().equals(function)) {
                found.add(valid.value());
            }
        }
        return found;
    }
}
