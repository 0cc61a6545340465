package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.protocol.CallKey;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.Digest;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.LogCodec;
import dev.photon.protocol.LogLine;
import dev.photon.protocol.Reply;
import dev.photon.protocol.Result;
import dev.photon.protocol.ResultCodec;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls with a key run once, however often and wherever they are made. Each run says so in a line of the log. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdempotentCallTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int PARTITIONS = 4;
    private static final String CALL = "/fn/script";
    private static final String SCRIPT = """
            export default {
              async fetch(request) {
                const order = await request.text();
                const run = crypto.randomUUID();
                console.log("run " + order);
                if (order.startsWith("brief")) await new Promise(done => setTimeout(done, 300));
                if (order.startsWith("http")) await fetch(order);
                if (order.startsWith("fail")) throw new Error("as told");
                if (order.startsWith("large")) return new Response("x".repeat(1000000));
                return new Response(run, {status: 201, headers: {"x-run": run}});
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
        photon = region();
        deploy("", "script", "1.0.0");
        deploy("auth = \"public\"\n", "open", "1.0.0");
        assertThat(photon.post(CALL, "warm").statusCode()).isEqualTo(201);
    }

    private PhotonTester region() throws Exception {
        return PhotonTester.start(kafka.bootstrap(), EnumSet.allOf(Role.class), Gate.SETTINGS);
    }

    private void deploy(String first, String name, String version) throws Exception {
        var toml = first + toml(name, version) + "lang = \"js\"\n" + gate.toml();
        assertThat(photon.deploy(SCRIPT.getBytes(UTF_8), toml).statusCode()).isEqualTo(200);
    }

    @AfterAll
    void stop() throws Exception {
        gate.close();
        photon.close();
        kafka.close();
    }

    private HttpResponse<String> call(String key, String body) throws IOException, InterruptedException {
        return call(photon, key, body);
    }

    private static HttpResponse<String> call(PhotonTester ingress, String key, String body)
            throws IOException, InterruptedException {
        return call(ingress.http(), ingress.url(CALL), key, body);
    }

    private static HttpResponse<String> call(HttpClient client, URI url, String key, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(url)
                .header("idempotency-key", "\"" + key + "\"")
                .timeout(Duration.ofMinutes(2))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static boolean isReplayed(HttpResponse<String> answer) {
        return answer.headers().firstValue("idempotency-replayed").isPresent();
    }

    private static String unique(String order) {
        return order + " " + InvocationIds.next();
    }

    /** Lines come in the order of the runs, so that after the mark's there are no more of those before. */
    private long runs(String order) throws Exception {
        var mark = unique("mark");
        photon.post(CALL, mark);
        await().atMost(PATIENCE).until(() -> countRuns(mark) > 0);
        return countRuns(order);
    }

    private long countRuns(String order) {
        return photon.readAll(TOPICS.logs()).stream()
                .filter(line -> LogCodec.decode(line) instanceof Decoded.Valid<LogLine> valid
                        && valid.value().message().equals("run " + order))
                .count();
    }

    @Test
    void duplicatesAtOnceAtTwoIngressesRunTheFunctionOnce() throws Exception {
        var key = unique("key");
        var order = unique("brief");
        var answers = ConcurrentHashMap.<String>newKeySet();
        var firsts = ConcurrentHashMap.<HttpResponse<String>>newKeySet();
        try (var other = PhotonTester.start(kafka.bootstrap(), Set.of(Role.INGRESS), Map.of())) {
            Load.run(16, 16, index -> {
                var answer = call(index % 2 == 0 ? photon : other, key, order);
                assertThat(answer.statusCode()).isEqualTo(201);
                answers.add(answer.body() + answer.headers().firstValue("x-run"));
                if (!isReplayed(answer)) {
                    firsts.add(answer);
                }
            });

            assertThat(answers).hasSize(1);
            assertThat(firsts).hasSize(1);
            assertThat(runs(order)).isEqualTo(1);
        }
    }

    @Test
    void anotherPayloadWithTheSameKeyIsRefusedAndAnotherKeyIsAnotherCall() throws Exception {
        var key = unique("key");
        var first = call(key, "one");

        var other = call(key, "another");
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(new JsonObject(other.body()).getString("type")).isEqualTo("urn:photon:error:key-reused");
        assertThat(call(photon.http(), photon.url(CALL + "?q=1"), key, "one").statusCode())
                .isEqualTo(422);
        assertThat(call(unique("key"), "one").body()).isNotEqualTo(first.body());
        assertThat(call(key, "one").body()).isEqualTo(first.body());
    }

    @Test
    void anotherPayloadIsRefusedWhileTheFirstRuns() throws Exception {
        var key = unique("key");
        var statuses = ConcurrentHashMap.<Integer>newKeySet();

        Load.run(2, 2, index -> statuses.add(call(key, unique("brief")).statusCode()));

        assertThat(statuses).containsExactlyInAnyOrder(201, 422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "large"})
    void aFailureOfTheFunctionIsTheAnswerOfItsKey(String kind) throws Exception {
        var key = unique("key");
        var order = unique(kind);
        var first = call(key, order);
        var second = call(key, order);

        assertThat(List.of(first.statusCode(), second.statusCode()))
                .allMatch(status -> status >= 500)
                .hasSize(2);
        assertThat(second.statusCode()).isEqualTo(first.statusCode());
        assertThat(isReplayed(first)).isFalse();
        assertThat(isReplayed(second)).isTrue();
        assertThat(runs(order)).isEqualTo(1);
    }

    @Test
    void theFirstAnswerIsGivenAfterAllProcessesStartedAnew() throws Exception {
        var key = unique("key");
        var order = unique("before");
        var first = call(key, order);

        photon.close();
        photon = region();

        var second = call(key, order);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(isReplayed(second)).isTrue();
        assertThat(runs(order)).isEqualTo(1);
    }

    @Test
    void aClientWhoseIngressWasKilledGetsTheAnswerFromAnother() throws Exception {
        var key = unique("key");
        var path = "/" + InvocationIds.next();
        var order = gate.url(path);
        try (var ingress = ChildProcess.faas(Map.of("PHOTON_PORT", "0"), "ingress", "--bootstrap", kafka.bootstrap());
                var client = HttpClient.newHttpClient()) {
            var url = URI.create(ingress.ready().substring(ingress.ready().indexOf("http")) + CALL);
            var cut = client.sendAsync(
                    HttpRequest.newBuilder(url)
                            .header("idempotency-key", key.replace(' ', '-'))
                            .POST(HttpRequest.BodyPublishers.ofString(order))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            await().atMost(PATIENCE).until(() -> countRuns(order) == 1);
            ingress.kill();
            assertThatThrownBy(cut::join).isNotNull();
        }

        gate.open(path);
        var answer = call(key.replace(' ', '-'), order);

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(isReplayed(answer)).isTrue();
        assertThat(runs(order)).isEqualTo(1);
    }

    private CompletableFuture<HttpResponse<String>> callInBackground(String key, String order) {
        var answer = new CompletableFuture<HttpResponse<String>>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(call(key, order));
            } catch (IOException | InterruptedException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    /** As an executor writes that does not know yet that it lost the partition. */
    private void plant(String key, String order, String body, long timestamp) throws Exception {
        var anybody = new CallKey.Caller.Anybody(Digest.of(new byte[0]));
        var payload = Digest.of(("POST\n\n\n\n\n" + order).getBytes(UTF_8));
        var common = new CallKey(CallKey.hash(anybody, "script", key), payload);
        var reply = new Reply(
                InvocationIds.next(),
                Optional.empty(),
                Optional.of("1.0.0"),
                new Reply.Answer(200, List.of(), body.getBytes(UTF_8)),
                new Reply.Timing("another", "default", 0, 0, 0));
        var kept = ResultCodec.encode(TOPICS.results(), common.partition(PARTITIONS), new Result.Kept(common, reply));
        photon.send(new ProducerRecord<>(
                kept.topic(), kept.partition(), timestamp, kept.key(), kept.value(), kept.headers()));
    }

    @Test
    void theFirstAnswerInTheLogCountsWhoeverWroteIt() throws Exception {
        var key = unique("key");
        var path = "/" + InvocationIds.next();
        var order = gate.url(path);
        var answer = callInBackground(key, order);
        await().atMost(PATIENCE).until(() -> countRuns(order) == 1);

        plant(key, order, "the other's", System.currentTimeMillis());
        gate.open(path);

        assertThat(answer.join().body()).isEqualTo("the other's");
        assertThat(call(key, order).body()).isEqualTo("the other's");
    }

    @Test
    void anAnswerIsGivenForADayAndThenTheCallRunsAnew() throws Exception {
        var key = unique("key");
        plant(
                key,
                "yesterday",
                "old",
                System.currentTimeMillis() - Duration.ofHours(25).toMillis());

        var anew = call(key, "today");

        assertThat(anew.statusCode()).isEqualTo(201);
        assertThat(call(key, "today").body()).isEqualTo(anew.body());
    }

    private String run(String function, String key, String field, String value) throws Exception {
        var request = HttpRequest.newBuilder(photon.url("/fn/" + function))
                .header("idempotency-key", key)
                .header(field, value)
                .POST(HttpRequest.BodyPublishers.ofString("order"));
        var answer = photon.http().send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(201);
        return answer.body();
    }

    @ParameterizedTest
    @CsvSource({"cookie, session=a, session=b", "authorization, Basic YTox, Basic Yjox"})
    void whoIsSomeoneElseToTheFunctionGetsNoAnswerOfAnother(String field, String one, String other) throws Exception {
        var key = InvocationIds.next();
        var first = run("open", key, field, one);

        assertThat(run("open", key, field, other)).isNotEqualTo(first);
        assertThat(run("open", key, field, one)).isEqualTo(first);
    }

    @Test
    void anAnswerIsOfTheVersionThatRanWhateverIsDeployedSince() throws Exception {
        var key = unique("key");
        deploy("", "script", "1.0.1");
        var first = call(key, "versions");
        assertThat(first.headers().firstValue("photon-version")).contains("1.0.1");
        deploy("", "script", "1.0.2");

        var second = call(key, "versions");

        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("photon-version")).contains("1.0.1");
        assertThat(call(photon.http(), photon.url("/api/faas/v1/execute/script/1.0.1"), key, "versions")
                        .statusCode())
                .isEqualTo(422);
    }

    /** Whoever takes its place begins anew, since the run has come to nothing. */
    @Test
    void aCallWhoseExecutorStopsIsAnsweredByTheNext() throws Exception {
        var path = "/" + InvocationIds.next();
        var order = gate.url(path);
        var brief = new HashMap<>(Gate.SETTINGS);
        brief.put("PHOTON_DRAIN_MS", "0");
        photon.close();
        photon = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.REGISTRY, Role.INGRESS), Map.of());
        var first = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.EXECUTOR), brief);
        var answer = callInBackground(unique("key"), order);
        await().atMost(PATIENCE).until(() -> countRuns(order) == 1);
        first.close();

        gate.open(path);
        var second = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.EXECUTOR), brief);
        assertThat(answer.join().statusCode()).isEqualTo(201);
        second.close();
        photon.close();
        photon = region();
    }

    @Test
    void largeRequestsHaveKeysToo() throws Exception {
        var key = unique("key");
        var order = unique("much") + "y".repeat(2_000_000);

        assertThat(call(key, order).body()).isEqualTo(call(key, order).body());
        assertThat(call(key, order + "y").statusCode()).isEqualTo(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"open", "\"\"", "two words"})
    void malformedKeysAreRefused(String key) throws Exception {
        var request = HttpRequest.newBuilder(photon.url(CALL))
                .header("idempotency-key", key)
                .POST(HttpRequest.BodyPublishers.ofString("x"));

        assertThat(photon.http()
                        .send(request.build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void methodsThatNeedNoKeyRunEachTime() throws Exception {
        var request = HttpRequest.newBuilder(photon.url(CALL))
                .header("idempotency-key", "the-same")
                .PUT(HttpRequest.BodyPublishers.ofString("put"))
                .build();

        var first = photon.http().send(request, HttpResponse.BodyHandlers.ofString());
        var second = photon.http().send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(second.body()).isNotEqualTo(first.body());
    }
}
