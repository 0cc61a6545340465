package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.protocol.Command;
import dev.photon.protocol.CommandCodec;
import dev.photon.protocol.DeadLetter;
import dev.photon.protocol.DeadLetterCodec;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.KafkaConnection;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Records of users' topics run functions. */
class TriggersTest {
    private static final String SCRIPT = """
            export default {
              async fetch(request) {
                const text = await request.text();
                if (text === "trap") throw new Error("no such thing");
                if (text === "refuse") return new Response("bad", { status: 422 });
                if (text === "once" && request.headers.get("photon-attempt") === "1") throw new Error("not yet");
                if (text === "silent") return new Response(null, { status: 204 });
                return Response.json({ text, headers: Object.fromEntries(request.headers) });
              },
            };
            """;

    private static TestingKafka kafka;
    private static PhotonTester photon;

    @BeforeAll
    static void start() throws Exception {
        kafka = TestingKafka.embedded();
        photon = PhotonTester.start(kafka.bootstrap());
    }

    @AfterAll
    static void stop() throws Exception {
        photon.close();
        kafka.close();
    }

    private static String trigger(String topic, String more) {
        return "[[triggers]]%ntopic = \"%s\"%noutput = \"%s.out\"%n%s%n".formatted(topic, topic, more);
    }

    /** A topic, another one for the output, and the script that is run for it. */
    private static void script(String topic, String more) throws Exception {
        topics(topic);
        deploy(SCRIPT.getBytes(UTF_8), toml(topic, "1.0.0") + "lang = \"js\"\n" + trigger(topic, more));
    }

    private static void topics(String topic) throws Exception {
        photon.newTopic(topic);
        photon.newTopic(topic + ".out");
    }

    private static void deploy(byte[] module, String toml) throws Exception {
        var answer = photon.deploy(module, toml);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static void publish(String topic, String key, String value) throws Exception {
        photon.send(new ProducerRecord<>(topic, key == null ? null : key.getBytes(UTF_8), value.getBytes(UTF_8)));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    private static JsonObject json(ConsumerRecord<byte[], byte[]> output) {
        return new JsonObject(text(output.value()));
    }

    private static List<String> texts(String topic, int count) {
        return photon.read(topic, count).stream()
                .map(output -> json(output).getString("text"))
                .toList();
    }

    private static Optional<String> header(ConsumerRecord<byte[], byte[]> source, String name) {
        return Optional.ofNullable(source.headers().lastHeader(name)).map(header -> text(header.value()));
    }

    private static DeadLetter deadLetter(String function) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> photon.readAll(PhotonTester.TOPICS.deadLetters()).stream()
                                .map(DeadLetterCodec::decode)
                                .filter(Decoded.Valid.class::isInstance)
                                .map(found -> ((Decoded.Valid<DeadLetter>) found).value())
                                .filter(letter -> letter.id().function().equals(function))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void aPlainRecordRunsAScriptAndItsAnswerIsAnEventThatNamesIt() throws Exception {
        script("plain", "");

        publish("plain", "k1", "hello");

        var output = photon.read("plain.out", 1).getFirst();
        assertThat(text(output.key())).isEqualTo("k1");
        assertThat(header(output, "ce_id")).contains("plain-0-0");
        assertThat(header(output, "ce_source")).contains("/regions/local/fn/plain");
        assertThat(header(output, "ce_photoncause")).contains("plain/0/0");
        assertThat(header(output, "content-type")).contains("application/json");
        var headers = json(output).getJsonObject("headers");
        assertThat(json(output).getString("text")).isEqualTo("hello");
        assertThat(headers.getString("kafka-topic")).isEqualTo("plain");
        assertThat(headers.getString("kafka-key")).isEqualTo("k1");
        assertThat(headers.getString("photon-attempt")).isEqualTo("1");
        assertThat(headers.containsKey("photon-redelivered")).isFalse();
    }

    @Test
    void bothModesOfACloudEventLookTheSame() throws Exception {
        script("cloud", "");
        var event = CloudEventBuilder.v1()
                .withId("e1")
                .withSource(URI.create("/shop"))
                .withType("order.placed")
                .withData("application/json", "{\"n\":1}".getBytes(UTF_8))
                .build();
        var binary = KafkaMessageFactory.createWriter("cloud").writeBinary(event);
        photon.send(new ProducerRecord<>("cloud", null, null, null, binary.value(), binary.headers()));
        publishStructured(
                "{\"specversion\":\"1.0\",\"id\":\"e1\",\"source\":\"/shop\",\"type\":\"order.placed\",\"data\":{\"n\":1}}");

        var outputs = photon.read("cloud.out", 2);

        assertThat(outputs).allSatisfy(output -> {
            var seen = json(output);
            assertThat(seen.getString("text")).isEqualTo("{\"n\":1}");
            assertThat(seen.getJsonObject("headers").getString("ce-id")).isEqualTo("e1");
            assertThat(seen.getJsonObject("headers").getString("ce-type")).isEqualTo("order.placed");
            assertThat(seen.getJsonObject("headers").getString("content-type")).isEqualTo("application/json");
        });

        publishStructured("{\"specversion\":\"1.0\"}");

        var letter = deadLetter("cloud");
        assertThat(letter.failure().kind()).isEqualTo(ErrorKind.BAD_REQUEST);
        assertThat(letter.failure().message()).isEqualTo("the event has no id");
        assertThat(letter.failure().attempts()).isZero();
    }

    private static void publishStructured(String event) throws Exception {
        var message = new ProducerRecord<byte[], byte[]>("cloud", event.getBytes(UTF_8));
        message.headers().add("content-type", "application/cloudevents+json".getBytes(UTF_8));
        photon.send(message);
    }

    @Test
    void commandsAndHandlersSeeARecordAsTheySeeARequest() throws Exception {
        topics("command");
        deploy(guest("env"), toml("command", "1.0.0") + trigger("command", ""));
        topics("handler");
        deploy(guest("handler-key"), toml("handler", "1.0.0") + trigger("handler", ""));

        publish("command", "k1", "");
        publish("handler", "k2", "");

        assertThat(text(photon.read("command.out", 1).getFirst().value()).lines())
                .contains(
                        "HTTP_KAFKA_TOPIC=command",
                        "HTTP_KAFKA_OFFSET=0",
                        "HTTP_KAFKA_KEY=k1",
                        "HTTP_PHOTON_ATTEMPT=1",
                        "PHOTON_INVOCATION_ID=command-0-0");
        assertThat(text(photon.read("handler.out", 1).getFirst().value())).isEqualTo("k2");
    }

    @Test
    void aKeyThatWaitsForARetryHoldsUpNoOther() throws Exception {
        script("keys", "on_error = { retries = 3, backoff_ms = 3600000 }");

        publish("keys", "a", "once");
        publish("keys", "a", "after");
        publish("keys", "b", "other");

        assertThat(texts("keys.out", 1)).containsExactly("other");
    }

    @Test
    void aKeyKeepsItsOrderWhenARecordIsTriedAgain() throws Exception {
        script("ordered", "on_error = { retries = 3, backoff_ms = 100 }");

        publish("ordered", "a", "once");
        publish("ordered", "a", "after");

        assertThat(texts("ordered.out", 2)).containsExactly("once", "after");
    }

    @Test
    void aFailureIsTriedAgainAndThenKept() throws Exception {
        script("failing", "on_error = { retries = 2, backoff_ms = 10 }");

        publish("failing", "k", "trap");
        publish("failing", "k", "fine");

        assertThat(texts("failing.out", 1)).containsExactly("fine");
        var letter = deadLetter("failing");
        assertThat(letter.id()).isEqualTo(new DeadLetter.Id("failing", "failing", 0, 0));
        assertThat(letter.failure().kind()).isEqualTo(ErrorKind.FUNCTION_FAILED);
        assertThat(letter.failure().message()).contains("no such thing");
        assertThat(letter.failure().attempts()).isEqualTo(3);
        assertThat(letter.failure().version()).contains("1.0.0");
        assertThat(text(letter.original().value().orElseThrow())).isEqualTo("trap");
    }

    @Test
    void whatAFunctionRefusesIsKeptAtOnceInTheTopicOfItsRule() throws Exception {
        photon.newTopic("refused.dead");
        script("refused", "on_error = { retries = 5, backoff_ms = 60000, dead_letter = \"refused.dead\" }");

        publish("refused", "k", "refuse");

        var source = photon.read("refused.dead", 1).getFirst();
        assertThat(text(source.key())).isEqualTo("k");
        assertThat(text(source.value())).isEqualTo("refuse");
        assertThat(header(source, "photon-error")).contains("bad-request");
        assertThat(header(source, "photon-message")).contains("the function answered 422");
        assertThat(header(source, "photon-attempts")).contains("1");
    }

    @Test
    void anEmptyAnswerIsNoEvent() throws Exception {
        script("quiet", "");

        publish("quiet", "k", "silent");
        publish("quiet", "k", "loud");

        assertThat(texts("quiet.out", 1)).containsExactly("loud");
    }

    @Test
    void aTopicThatComesLaterIsFound() throws Exception {
        deploy(SCRIPT.getBytes(UTF_8), toml("late", "1.0.0") + "lang = \"js\"\n" + trigger("late", ""));

        topics("late");
        publish("late", "k", "first");

        assertThat(texts("late.out", 1)).containsExactly("first");
    }

    @Test
    void aTriggerIsPausedAndGoesOnAndGoesBack() throws Exception {
        script("steered", "");
        photon.newTopic("witness.out");
        var witness = "[[triggers]]\ntopic = \"steered\"\noutput = \"witness.out\"\n";
        deploy(SCRIPT.getBytes(UTF_8), toml("witness", "1.0.0") + "lang = \"js\"\n" + witness);
        publish("steered", "k", "one");
        assertThat(texts("steered.out", 1)).containsExactly("one");

        change(new Command.PauseTrigger("steered", "steered"));
        await().until(TriggersTest::nobodyReads);
        publish("steered", "k", "two");
        assertThat(texts("witness.out", 2)).containsExactly("one", "two");
        assertThat(photon.readAll("steered.out")).hasSize(1);

        change(new Command.ResumeTrigger("steered", "steered"));
        assertThat(texts("steered.out", 2)).containsExactly("one", "two");

        change(new Command.SeekTrigger("steered", "steered", "earliest".getBytes(UTF_8)));
        assertThat(texts("steered.out", 4)).containsExactly("one", "two", "one", "two");
    }

    private static void change(Command.Change change) throws Exception {
        var command = new Command(InvocationIds.next(), "test", change);
        photon.send(CommandCodec.encode(PhotonTester.TOPICS.deployments(), command));
    }

    private static boolean nobodyReads() throws Exception {
        var group = PhotonTester.TOPICS.triggerGroup("steered", "steered");
        try (var admin = new KafkaConnection(kafka.bootstrap()).admin()) {
            return admin.describeConsumerGroups(List.of(group))
                    .all()
                    .get()
                    .get(group)
                    .members()
                    .isEmpty();
        }
    }

    @Test
    void atMostOnceRunsTooAndIsCounted() throws Exception {
        script("once", "delivery = \"at-most-once\"");

        publish("once", "k", "fine");

        assertThat(texts("once.out", 1)).containsExactly("fine");
        await().untilAsserted(() -> assertThat(photon.metric("photon_executor_trigger_outputs_total{function=\"once\""))
                .isEqualTo(1));
    }

    @Test
    void exactlyOnceKeepsTheOrderOfOutputsAndGivesUpWhatFails() throws Exception {
        script("exact", "delivery = \"exactly-once\"\non_error = { retries = 1, backoff_ms = 10 }");

        publish("exact", "a", "once");
        publish("exact", "b", "trap");
        publish("exact", "c", "silent");
        publish("exact", "d", "fine");

        assertThat(texts("exact.out", 2)).containsExactly("once", "fine");
        var letter = deadLetter("exact");
        assertThat(letter.id()).isEqualTo(new DeadLetter.Id("exact", "exact", 0, 1));
        assertThat(letter.failure().attempts()).isEqualTo(2);
    }

    @Test
    void anExactlyOnceOutputThatDoesNotFitItsTopicIsGivenUpAndHoldsUpNothing() throws Exception {
        photon.newTopic("narrow");
        try (var admin = new KafkaConnection(kafka.bootstrap()).admin()) {
            var narrow = new NewTopic("narrow.out", 1, (short) 1).configs(Map.of("max.message.bytes", "2000"));
            admin.createTopics(List.of(narrow)).all().get();
        }
        deploy(
                SCRIPT.getBytes(UTF_8),
                toml("narrow", "1.0.0") + "lang = \"js\"\n" + trigger("narrow", "delivery = \"exactly-once\""));

        publish("narrow", "k", "x".repeat(2_000));
        publish("narrow", "k", "fits");

        assertThat(texts("narrow.out", 1)).containsExactly("fits");
        assertThat(deadLetter("narrow").failure().kind()).isEqualTo(ErrorKind.ANSWER_TOO_LARGE);
        assertThat(deadLetter("narrow").failure().attempts()).isEqualTo(1);
    }
}
