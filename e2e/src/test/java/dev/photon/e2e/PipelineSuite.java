package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.emptyModule;
import static dev.photon.e2e.PhotonTester.example;
import static dev.photon.e2e.PhotonTester.exampleToml;
import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.padded;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.protocol.Deadline;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.Digest;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.InvocationCodec;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyCodec;
import dev.photon.protocol.ReplyTo;
import dev.photon.protocol.Target;
import dev.photon.protocol.ViewPosition;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user of one region may rely on. Runs on every kind of broker. */
abstract class PipelineSuite extends RegionSuite {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @BeforeAll
    void deployEcho() throws Exception {
        photon.deployGuest("echo");
    }

    // Calling

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello      | ?name=Ada             | ''                 | Hello, Ada!",
                "wordcount  | ''                    | one two two        | \"words\":3",
                "json-stats | ?field=x              | [{\"x\":1},{\"x\":3}] | \"mean\":2",
                "guestbook  | ''                    | name=Ada&text=Hi    | <b>Ada</b>: Hi",
                "mandelbrot | ?width=16&height=16   | ''                 | PNG",
                "shortlinks | ''                    | ''                 | docs=https://example.com/docs"
            })
    void answersWithWhatTheExampleSays(String name, String query, String body, String expected) throws Exception {
        assertThat(photon.deploy(example(name), exampleToml(name)).statusCode()).isEqualTo(200);

        var answer = photon.post("/fn/" + name + query, body);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains(expected);
        assertThat(answer.headers().firstValue("photon-version")).contains("1.0.0");
        assertThat(answer.headers().firstValue("photon-invocation-id")).isPresent();
    }

    @Test
    void givesTheFunctionTheRequestAsCgiVariables() throws Exception {
        photon.deployGuest("env", "[env_vars]\nCOLOUR = \"blue\"\nREQUEST_METHOD = \"forged\"\n");
        var request = photon.request("/fn/env/a/b%20c?x=1&y=2")
                .header("x-custom", "one")
                .setHeader("authorization", photon.authorization())
                .header("content-type", "text/plain")
                .method("PATCH", HttpRequest.BodyPublishers.ofString("12345"))
                .build();

        var variables = photon.http()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();

        assertThat(variables.lines())
                .contains(
                        "REQUEST_METHOD=PATCH",
                        "QUERY_STRING=x=1&y=2",
                        "CONTENT_TYPE=text/plain",
                        "CONTENT_LENGTH=5",
                        "HTTP_X_CUSTOM=one",
                        "GATEWAY_INTERFACE=CGI/1.1",
                        "COLOUR=blue")
                .anyMatch(line -> line.startsWith("PATH_INFO=/a/b"))
                .noneMatch(line -> line.contains("secret") || line.startsWith("PATH="));
    }

    @Test
    void passesOnStatusAndHeadersOfTheFunction() throws Exception {
        photon.deployGuest("status");

        var answer = photon.get("/fn/status");

        assertThat(answer.statusCode()).isEqualTo(418);
        assertThat(answer.headers().firstValue("x-tea")).contains("oolong");
        assertThat(answer.body()).isEqualTo("short and stout");
    }

    @Test
    void carriesBodiesUntouchedUpToTheLimit() throws Exception {
        var body = new byte[890_000];
        new Random(1).nextBytes(body);

        var answer = photon.post("/fn/echo", body);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(body);
    }

    @Test
    void runsTheVersionThatIsAskedForAndTheHighestOtherwise() throws Exception {
        photon.deploy(guest("echo"), toml("versions", "1.9.0"));
        photon.deploy(guest("stderr"), toml("versions", "1.10.0"));
        photon.deploy(guest("trap"), toml("versions", "2.0.0-rc.1"));

        assertThat(photon.post("/api/faas/v1/execute/versions/1.9.0", "me").body())
                .isEqualTo("me");
        var latest = photon.post("/api/faas/v1/execute/versions", "me");

        assertThat(latest.body()).isEqualTo("ok");
        assertThat(latest.headers().firstValue("photon-version")).contains("1.10.0");
    }

    @Test
    void matchesTenThousandAnswersToTheirRequests() throws Exception {
        var wrong = new ConcurrentLinkedQueue<String>();

        Load.run(64, 10_000, index -> {
            var body = "request " + index;
            var answer = askedUntilTaken(body);
            if (!answer.body().equals(body)) {
                wrong.add(body + ": " + answer.statusCode() + " " + answer.body());
            }
        });

        assertThat(wrong).isEmpty();
    }

    /** On a machine that has too much to do nothing may be acknowledged for a second: then calls are refused at once. */
    private HttpResponse<String> askedUntilTaken(String body) throws Exception {
        var answer = photon.post("/fn/echo", body);
        while (answer.statusCode() == 503) {
            answer = photon.post("/fn/echo", body);
        }
        return answer;
    }

    // Problems

    @ParameterizedTest
    @CsvSource({
        "trap, 502, function-failed",
        "exit-3, 502, function-failed",
        "no-answer, 502, function-failed",
        "bad-header, 502, function-failed"
    })
    void tellsWhatTheFunctionDidWrong(String name, int status, String kind) throws Exception {
        photon.deployGuest(name);

        assertProblem(photon.get("/fn/" + name), status, kind);
    }

    @Test
    void boundsTheMemoryOfAFunction() throws Exception {
        photon.deployGuest("memory-bomb", "[resource_settings]\nmem = \"8Mi\"\n");

        var answer = photon.get("/fn/memory-bomb");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body().strip()).endsWith("128");
    }

    @Test
    void answersOthersWhileMoreFunctionsLoopThanThereAreProcessors() throws Exception {
        photon.deploy(guest("loop"), toml("loops", "1.0.0") + "[runtime]\ntimeout_ms = 3000\n");
        for (int i = 0; i < 8; i++) {
            var started =
                    photon.http().sendAsync(photon.request("/fn/loops").build(), HttpResponse.BodyHandlers.ofString());
            assertThat(started).isNotDone();
        }

        assertThat(photon.post("/fn/echo", "still here").body()).isEqualTo("still here");
    }

    @Test
    void tellsThatThereIsNoSuchFunctionVersionOrPath() throws Exception {
        assertProblem(photon.get("/fn/nobody"), 404, "not-found");
        assertProblem(photon.get("/api/faas/v1/execute/echo/9.9.9"), 404, "not-found");
        assertProblem(photon.get("/elsewhere"), 404, "not-found");
    }

    @Test
    void givesBackThePermitOfAClientThatWentAway() throws Exception {
        photon.deploy(guest("loop"), toml("abandoned", "1.0.0") + "[runtime]\ntimeout_ms = 2000\n");
        var before = photon.metric("photon_ingress_disconnects_total{function=\"abandoned\"");
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), photon.url("").getPort())) {
            var request = "GET /fn/abandoned HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\n\r\n"
                    .formatted(photon.authorization());
            socket.getOutputStream().write(request.getBytes(UTF_8));
            await().atMost(PATIENCE).until(() -> photon.metric("photon_ingress_in_flight") >= 1);
        }

        await().atMost(PATIENCE)
                .until(() -> photon.metric("photon_ingress_disconnects_total{function=\"abandoned\"") > before);
    }

    // Deploying

    @Test
    void acceptsTheSameContentAgainAndRefusesOther() throws Exception {
        assertThat(photon.deploy(guest("echo"), toml("again", "1.0.0")).body()).contains("\"deployed\"");

        assertThat(photon.deploy(guest("echo"), toml("again", "1.0.0")).body()).contains("\"unchanged\"");
        assertProblem(photon.deploy(guest("status"), toml("again", "1.0.0")), 400, "version-exists");
    }

    @ParameterizedTest
    @CsvSource({
        "../escape, 1.0.0, name",
        "fine, 1, semantic version",
    })
    void refusesNamesAndVersionsThatAreNone(String name, String version, String reason) throws Exception {
        var answer = photon.deploy(guest("echo"), toml(name, version));

        assertProblem(answer, 400, "bad-request");
        assertThat(answer.body()).contains(reason);
    }

    @Test
    void refusesModulesThatCannotRun() throws Exception {
        assertProblem(photon.deploy("not wasm".getBytes(UTF_8), toml("bad", "1.0.0")), 400, "bad-request");
        assertProblem(photon.deploy(emptyModule(), toml("bad", "1.0.0")), 400, "bad-request");
        var unknown = photon.deploy(guest("unknown-import"), toml("bad", "1.0.0"));
        assertProblem(unknown, 400, "bad-request");
        assertThat(unknown.body()).contains("env.mystery");
        var toml = photon.deploy(guest("echo"), "name = \nversion");
        assertProblem(toml, 400, "bad-request");
        assertThat(toml.body()).contains("line 1");
        assertProblem(photon.deploy(padded(guest("echo"), 6_000_000), toml("bad", "1.0.0")), 413, "too-large");
    }

    @Test
    void deploysModulesLargerThanARecord() throws Exception {
        var large = padded(guest("echo"), 3_000_000);

        assertThat(photon.deploy(large, toml("large", "1.0.0")).statusCode()).isEqualTo(200);
        assertThat(photon.post("/fn/large", "hi").body()).isEqualTo("hi");
    }

    @Test
    void deploysFromOneKafkaRecord() throws Exception {
        var command = new ProducerRecord<>(TOPICS.deployments(), "by-kafka".getBytes(UTF_8), guest("echo"));
        command.headers().add("toml", toml("by-kafka", "1.0.0").getBytes(UTF_8));

        photon.send(command);

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(photon.post("/fn/by-kafka", "hi").body()).isEqualTo("hi"));
    }

    @Test
    void refusesAnUploadThatIsNotComplete() throws Exception {
        var command = new ProducerRecord<>(TOPICS.deployments(), "half".getBytes(UTF_8), (byte[]) null);
        command.headers()
                .add("toml", toml("half", "1.0.0").getBytes(UTF_8))
                .add("ce_id", "half-upload".getBytes(UTF_8))
                .add("ce_photonupload", "half".getBytes(UTF_8))
                .add("ce_photonuploadpartition", "0".getBytes(UTF_8))
                .add("ce_photonuploadoffset", "0".getBytes(UTF_8))
                .add("ce_photonuploadchunks", "2".getBytes(UTF_8))
                .add("ce_photonuploadsize", "600000".getBytes(UTF_8))
                .add("ce_photondigest", ("sha256:" + "0".repeat(64)).getBytes(UTF_8));
        photon.send(new ProducerRecord<>(TOPICS.uploads(), 0, "half/0".getBytes(UTF_8), new byte[512 * 1024]));

        photon.send(command);

        await().atMost(PATIENCE)
                .until(() -> photon.read(TOPICS.deploymentResults(), 1).stream()
                        .anyMatch(result -> Arrays.equals(result.key(), "half-upload".getBytes(UTF_8))));
        assertProblem(photon.get("/fn/half"), 404, "not-found");
    }

    // Publishing

    @Test
    void answersAPublisherOnItsOwnTopic() throws Exception {
        var replies = photon.newTopic("my.replies");

        photon.send(event("echo", replies, "an event"));
        photon.send(event("nobody", replies, "an event"));

        var outcomes =
                photon.read(replies, 2).stream().map(PipelineSuite::outcome).toList();
        assertThat(outcomes)
                .anySatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                Reply.Answer.class,
                                answer -> assertThat(answer.body())
                                        .asString(UTF_8)
                                        .isEqualTo("an event")))
                .anySatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                Reply.Failure.class,
                                failure -> assertThat(failure.kind()).isEqualTo(ErrorKind.NOT_FOUND)));
    }

    @Test
    void tellsAPublisherHowLongTheFirstCallWaitedForItsFunction() throws Exception {
        var replies = photon.newTopic("first.replies");
        photon.deployGuest("handler-sum");

        photon.send(event("handler-sum", replies, "an event"));

        var reply = reply(photon.read(replies, 1).getFirst());
        assertThat(reply.outcome()).isInstanceOf(Reply.Answer.class);
        assertThat(reply.timing().coldStart()).isPositive();
    }

    private static Reply.Outcome outcome(ConsumerRecord<byte[], byte[]> source) {
        return reply(source).outcome();
    }

    private static Reply reply(ConsumerRecord<byte[], byte[]> source) {
        return switch (ReplyCodec.decode(source)) {
            case Decoded.Valid<Reply> valid -> valid.value();
            case Decoded.Malformed<Reply> odd -> throw new AssertionError(odd.reason());
        };
    }

    private static ProducerRecord<byte[], byte[]> event(String function, String replies, String body) {
        var event = new ProducerRecord<>(TOPICS.entry("local"), (byte[]) null, body.getBytes(UTF_8));
        event.headers()
                .add("ce_photonfunction", function.getBytes(UTF_8))
                .add("ce_photonreplytopic", replies.getBytes(UTF_8));
        return event;
    }

    @Test
    void keepsPublishersOffItsOwnTopics() throws Exception {
        var before = photon.metric("photon_executor_entry_refused_total");

        photon.send(event("echo", TOPICS.deployments(), "forged"));

        await().atMost(PATIENCE).until(() -> photon.metric("photon_executor_entry_refused_total") > before);
    }

    @Test
    void skipsWhatIsPastItsDeadline() throws Exception {
        var before = photon.metric("photon_executor_expired_total");
        var longAgo = new Invocation(
                InvocationIds.next(),
                "/test",
                new Target.Resolved("echo", "1.0.0", Digest.of(guest("echo")), ViewPosition.of(0)),
                Optional.of(new Deadline(0, 1)),
                new ReplyTo.Ingress(0, "nobody"),
                new Invocation.HttpHead("POST", "", "", List.of()),
                Optional.empty(),
                new byte[0]);

        photon.send(InvocationCodec.encode(TOPICS.invocations(), longAgo));

        await().atMost(PATIENCE).until(() -> photon.metric("photon_executor_expired_total") == before + 1);
    }

    @Test
    void skipsGarbageOnEveryTopic() throws Exception {
        var before = photon.metric("photon_executor_records_malformed");
        var random = new Random(7);
        for (var topic : List.of(
                TOPICS.invocations(),
                TOPICS.entry("local"),
                TOPICS.responses(),
                TOPICS.deployments(),
                TOPICS.deploymentResults(),
                TOPICS.uploads(),
                TOPICS.functions(),
                TOPICS.artifacts())) {
            for (int i = 0; i < 20; i++) {
                var bytes = new byte[random.nextInt(64)];
                random.nextBytes(bytes);
                var odd = new ProducerRecord<>(topic, ("garbage-" + i).getBytes(UTF_8), bytes);
                odd.headers()
                        .add("ce_photonschema", "1".getBytes(UTF_8))
                        .add("toml", bytes)
                        .add("ce_id", null);
                photon.send(odd);
            }
        }

        await().atMost(PATIENCE).until(() -> photon.metric("photon_executor_records_malformed") >= before + 40);
        await().atMost(PATIENCE).until(() -> photon.metric("photon_ingress_view_malformed") >= 20);
        assertThat(photon.deploy(guest("echo"), toml("after-garbage", "1.0.0")).statusCode())
                .isEqualTo(200);
        assertThat(photon.post("/fn/after-garbage", "fine").body()).isEqualTo("fine");
    }

    // Health

    @Test
    void tellsHealthReadinessAndVersion() throws Exception {
        assertThat(photon.get("/api/faas/v1/health").statusCode()).isEqualTo(200);
        assertThat(photon.get("/api/faas/v1/ready").statusCode()).isEqualTo(200);
        assertThat(photon.get("/api/faas/v1/version").body()).contains("version");
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String kind) {
        assertThat(answer.body()).contains("urn:photon:error:" + kind);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    }
}
