package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Reply;
import dev.photon.protocol.Result;
import dev.photon.protocol.ResultCodec;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Calls whose answer is asked for later, and from elsewhere. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LaterAnswerTest {
    private static final int MOST = 4;
    private static final String KEY = "the operator's own key";
    private static final String RESULTS = "/api/faas/v1/results/";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String SCRIPT = """
            export default {
              async fetch(request) {
                const order = await request.text();
                if (order === "fail") throw new Error("as told");
                while (order === "loop") {}
                if (order.startsWith("http")) await fetch(order);
                const size = order.startsWith("size ") ? Number(order.substring(5)) : 0;
                return new Response("x".repeat(size) + order.length, {status: 418, headers: {"x-kind": "script"}});
              },
            };
            """;

    private TestingKafka kafka;
    private Gate gate;
    private PhotonTester photon;

    @BeforeAll
    void start() throws Exception {
        kafka = TestingKafka.embedded();
        gate = new Gate();
        photon = begin(EnumSet.allOf(Role.class));
        photon.deploy(SCRIPT.getBytes(UTF_8), toml("script", "1.0.0") + "lang = \"js\"\n" + gate.toml());
        photon.deploy(SCRIPT.getBytes(UTF_8), "auth = \"public\"\n" + toml("open", "1.0.0") + "lang = \"js\"\n");
        photon.deploy(SCRIPT.getBytes(UTF_8), toml("brief", "1.0.0") + "lang = \"js\"\n[runtime]\ntimeout_ms = 1500\n");
    }

    private PhotonTester begin(EnumSet<Role> roles) throws Exception {
        var settings = new HashMap<>(Gate.SETTINGS);
        settings.put("PHOTON_API_KEY", KEY);
        settings.put("PHOTON_DRAIN_MS", "0");
        settings.put("PHOTON_MAX_ASYNC_PER_FUNCTION", Integer.toString(MOST));
        var started = PhotonTester.start(kafka.bootstrap(), roles, settings);
        started.useKey(KEY);
        return started;
    }

    @AfterAll
    void stop() throws Exception {
        gate.close();
        photon.close();
        kafka.close();
    }

    private HttpResponse<String> later(String function, String body) throws Exception {
        var request = HttpRequest.newBuilder(photon.url("/fn/" + function))
                .header("authorization", "apikey " + KEY)
                .header("prefer", "respond-async, wait=10")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return photon.http().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** As an address, under which it is asked for. */
    private static String location(HttpResponse<String> accepted) {
        return accepted.headers().firstValue("location").orElseThrow();
    }

    private static HttpResponse<String> answer(PhotonTester ingress, String location) {
        return await().atMost(PATIENCE).until(() -> ingress.get(location), answer -> answer.statusCode() != 202);
    }

    @Test
    void theAnswerIsTheFunctionsOwnFromAnyIngress() throws Exception {
        var accepted = later("script", "hello");
        assertThat(accepted.statusCode()).isEqualTo(202);
        assertThat(accepted.headers().firstValue("preference-applied")).contains("respond-async");
        assertThat(accepted.headers().firstValue("retry-after")).isPresent();
        assertThat(location(accepted)).startsWith(RESULTS);

        try (var other = begin(EnumSet.of(Role.INGRESS))) {
            for (var ingress : new PhotonTester[] {photon, other, photon}) {
                var answer = answer(ingress, location(accepted));
                assertThat(answer.statusCode()).isEqualTo(418);
                assertThat(answer.body()).isEqualTo("5");
                assertThat(answer.headers().firstValue("x-kind")).contains("script");
                assertThat(answer.headers().firstValue("photon-version")).contains("1.0.0");
                assertThat(answer.headers().firstValue("photon-result")).contains("done");
            }
        }
    }

    @Test
    void theAnswerIsThereAfterAllProcessesStartedAnew() throws Exception {
        var accepted = later("script", "before");
        assertThat(answer(photon, location(accepted)).body()).isEqualTo("6");

        photon.close();
        photon = begin(EnumSet.allOf(Role.class));

        assertThat(answer(photon, location(accepted)).body()).isEqualTo("6");
    }

    @Test
    void aCallWhoseExecutorStopsIsAnsweredByTheNext() throws Exception {
        var path = "/" + InvocationIds.next();
        var accepted = later("script", gate.url(path));
        await().atMost(PATIENCE).until(() -> gate.isCalled(path));

        photon.close();
        gate.open(path);
        photon = begin(EnumSet.allOf(Role.class));

        assertThat(answer(photon, location(accepted)).statusCode()).isEqualTo(418);
    }

    @Test
    void aFunctionMayHaveOnlySoManyCallsThatNobodyWaitsFor() throws Exception {
        var path = "/" + InvocationIds.next();
        photon.deploy(SCRIPT.getBytes(UTF_8), toml("crowded", "1.0.0") + "lang = \"js\"\n" + gate.toml());
        for (int taken = 0; taken < MOST; taken++) {
            assertThat(later("crowded", gate.url(path)).statusCode()).isEqualTo(202);
        }

        assertThat(later("crowded", "one too many").statusCode()).isEqualTo(429);
        assertThat(later("script", "of another").statusCode()).isEqualTo(202);
        assertThat(photon.post("/fn/crowded", "waits").statusCode()).isEqualTo(418);
        gate.open(path);

        await().atMost(PATIENCE).until(() -> later("crowded", "again").statusCode() == 202);
    }

    @Test
    void largeRequestsAreTakenAndTooLargeAnswersFailWithTheLimit() throws Exception {
        var large = later("script", "y".repeat(3_000_000));
        var tooLarge = later("script", "size 1000000");

        assertThat(answer(photon, location(large)).body()).isEqualTo("3000000");
        assertThat(answer(photon, location(tooLarge)).statusCode()).isEqualTo(502);
        assertThat(answer(photon, location(tooLarge)).body()).contains("answer-too-large", "900000");
    }

    @Test
    void whileItRunsThereIsNoAnswerAndWhenItFailedThereIsTheReason() throws Exception {
        var path = "/" + InvocationIds.next();
        var held = later("script", gate.url(path));
        var looping = later("brief", "loop");
        var failing = later("script", "fail");

        var running = photon.get(location(held));
        assertThat(running.statusCode()).isEqualTo(202);
        assertThat(running.headers().firstValue("photon-result")).contains("running");
        gate.open(path);
        assertThat(answer(photon, location(held)).statusCode()).isEqualTo(418);
        assertThat(answer(photon, location(looping)).statusCode()).isEqualTo(504);
        assertThat(answer(photon, location(looping)).headers().firstValue("content-type"))
                .contains("application/problem+json");
        assertThat(answer(photon, location(failing)).statusCode()).isBetween(500, 502);
    }

    @Test
    void onlyWhoMayCallTheFunctionMayReadTheAnswer() throws Exception {
        var closed = location(later("script", "secret"));
        var open = location(later("open", "for all"));
        assertThat(answer(photon, closed).body()).isEqualTo("6");
        assertThat(answer(photon, open).body()).isEqualTo("7");

        photon.useKey("");

        assertThat(photon.get(closed).statusCode()).isEqualTo(401);
        assertThat(photon.get(RESULTS + "0-0-0123456789abcdef0123456789abcdef").statusCode())
                .isEqualTo(401);
        var shared = photon.get(open);
        assertThat(shared.body()).isEqualTo("7");
        assertThat(shared.headers().firstValue("access-control-allow-origin")).contains("*");
        assertThat(photon.get(closed + "-o").statusCode()).isEqualTo(401);
        photon.useKey(KEY);
        assertThat(photon.get(closed).headers().firstValue("access-control-allow-origin"))
                .isEmpty();
    }

    @Test
    void anAnswerIsGivenForADay() throws Exception {
        var answer = new Reply.Answer(200, List.of(), new byte[0]);
        var young = planted(
                answer, System.currentTimeMillis() - Duration.ofHours(23).toMillis());
        var old = planted(
                answer, System.currentTimeMillis() - Duration.ofHours(25).toMillis());

        assertThat(photon.get(young).statusCode()).isEqualTo(200);
        assertThat(photon.get(old).statusCode()).isEqualTo(410);
    }

    @Test
    void aFailureThatIsStoredDoesNotPass() throws Exception {
        var away = new Reply.Failure(ErrorKind.UNAVAILABLE, "the function could not be loaded");

        var answer = photon.get(planted(away, System.currentTimeMillis()));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("photon-result")).contains("done");
        assertThat(answer.headers().firstValue("retry-after")).isEmpty();
    }

    /** A call and its answer, of another time. */
    private String planted(Reply.Outcome outcome, long timestamp) throws Exception {
        var id = InvocationIds.next();
        var note = ResultCodec.encode(TOPICS.results(), "/test", new Result.Accepted(id, false, timestamp + 1));
        var reply = new Reply(
                id, Optional.empty(), Optional.empty(), outcome, new Reply.Timing("test", "default", 0, 0, 0));
        photon.send(new ProducerRecord<>(note.topic(), 0, timestamp, note.key(), note.value(), note.headers()));
        var answer = ResultCodec.encode(TOPICS.results(), 0, new Result.Answered(false, reply));
        photon.send(new ProducerRecord<>(answer.topic(), 0, timestamp, answer.key(), answer.value(), answer.headers()));
        var offset = photon.readAll(TOPICS.results()).stream()
                .filter(source -> Arrays.equals(source.key(), id.getBytes(UTF_8)))
                .mapToLong(ConsumerRecord::offset)
                .min()
                .orElseThrow();
        return RESULTS + "0-" + Long.toHexString(offset) + "-" + id;
    }

    @Test
    void whatWasDeletedIsGone() throws Exception {
        var location = location(later("script", "short-lived"));
        assertThat(answer(photon, location).statusCode()).isEqualTo(418);
        var partition = new TopicPartition(
                TOPICS.results(), Integer.parseInt(location.substring(RESULTS.length(), location.indexOf('-')), 16));
        try (var admin = new KafkaConnection(kafka.bootstrap()).admin()) {
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(-1)))
                    .all()
                    .get();
        }

        assertThat(photon.get(location).statusCode()).isEqualTo(410);
    }

    @Test
    void whatThereNeverWasIsNotFound() throws Exception {
        var location = location(later("script", "x"));
        var changed = location.substring(0, location.length() - 4) + (location.endsWith("0000") ? "1111" : "0000");

        assertThat(photon.get(changed).statusCode()).isEqualTo(404);
        assertThat(photon.get(RESULTS + "0-fffffffff-0123456789abcdef0123456789abcdef")
                        .statusCode())
                .isEqualTo(404);
        assertThat(photon.get(RESULTS + "ffff-0-0123456789abcdef0123456789abcdef")
                        .statusCode())
                .isEqualTo(404);
        assertThat(photon.get(RESULTS + "nonsense").statusCode()).isEqualTo(404);
    }
}
