package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.cloudevents.kafka.KafkaMessageFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Functions publish events. */
class EventsTest {
    private static final String SCRIPT = """
            export default {
              async fetch(request) {
                const text = await request.text();
                photon.emit("TOPIC", { text }, { type: "order.created", key: "k1", subject: "grüße", time: new Date(0) });
                photon.emit("TOPIC", "second");
                try {
                  photon.emit("others", "nothing");
                } catch (error) {
                  if (text === "trap") throw error;
                  return new Response(error.message, { status: text === "refuse" ? 422 : 200 });
                }
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

    private static String events(String topic) {
        return "[events]%ntopics = [\"%s\"]%n".formatted(topic);
    }

    private static void script(String name, String topic, String more) throws Exception {
        deploy(
                SCRIPT.replace("TOPIC", topic).getBytes(UTF_8),
                toml(name, "1.0.0") + "lang = \"js\"\n" + more + events(topic));
    }

    private static void deploy(byte[] module, String toml) throws Exception {
        var answer = photon.deploy(module, toml);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, UTF_8);
    }

    private static String header(ConsumerRecord<byte[], byte[]> event, String name) {
        return Optional.ofNullable(event.headers().lastHeader(name))
                .map(header -> text(header.value()))
                .orElse(null);
    }

    @Test
    void aScriptsEventsAreThereWhenItsAnswerIsAndNoneWhenItFails() throws Exception {
        photon.newTopic("scripted");
        script("scripted", "scripted", "");

        assertThat(photon.post("/fn/scripted", "trap").statusCode()).isEqualTo(502);
        assertThat(photon.post("/fn/scripted", "refuse").statusCode()).isEqualTo(422);
        assertThat(photon.post("/fn/scripted", "one").body())
                .isEqualTo("emit others: [events] topics of photoniq.toml does not have its topic");

        var events = photon.readAll("scripted");
        assertThat(events).hasSize(2);
        var first = KafkaMessageFactory.createReader(
                        events.getFirst().headers(), events.getFirst().value())
                .toEvent();
        assertThat(first.getType()).isEqualTo("order.created");
        assertThat(first.getSource()).hasToString("/regions/local/fn/scripted");
        assertThat(first.getSubject()).isEqualTo("grüße");
        assertThat(first.getTime().toEpochSecond()).isZero();
        assertThat(first.getDataContentType()).isEqualTo("application/json");
        assertThat(text(events.getFirst().value())).isEqualTo("{\"text\":\"one\"}");
        assertThat(text(events.getFirst().key())).isEqualTo("k1");
        assertThat(first.getId()).isEqualTo(first.getExtension("photoninvocation") + ".0");
        assertThat(header(events.getLast(), "ce_id")).isEqualTo(first.getExtension("photoninvocation") + ".1");
        assertThat(header(events.getLast(), "ce_type")).isEqualTo("dev.photon.event");
        assertThat(header(events.getLast(), "content-type")).isEqualTo("text/plain;charset=UTF-8");
        assertThat(events.getLast().key()).isNull();
    }

    @Test
    void theExampleSaysThatAnOrderWasPlaced() throws Exception {
        photon.newTopic("orders.placed");
        deploy(PhotonTester.example("orders"), PhotonTester.exampleToml("orders"));

        assertThat(photon.post("/fn/orders", "{\"customer\": \"ada\"}").statusCode())
                .isEqualTo(400);
        assertThat(photon.post("/fn/orders", "{\"customer\": \"ada\", \"item\": \"tea\"}")
                        .statusCode())
                .isEqualTo(201);

        assertThat(photon.readAll("orders.placed")).singleElement().satisfies(event -> {
            assertThat(text(event.key())).isEqualTo("ada");
            assertThat(header(event, "ce_subject")).isEqualTo("tea");
        });
    }

    @Test
    void commandsPublishInEachLanguage() throws Exception {
        for (var language : List.of("c", "rust", "assembly")) {
            photon.newTopic("orders." + language);
        }
        deploy(guest("emit"), toml("emit", "1.0.0") + events("orders.c"));
        deploy(guest("emit-rust"), toml("emit-rust", "1.0.0") + events("orders.rust"));
        deploy(guest("emit-assembly"), toml("emit-assembly", "1.0.0") + events("orders.assembly"));

        assertThat(photon.post("/fn/emit", "a\ntrap\n").statusCode()).isEqualTo(502);
        assertThat(photon.post("/fn/emit", "b\nc\n").body()).isEqualTo("0");
        assertThat(photon.post("/fn/emit-rust", "").body()).isEqualTo("Ok(()) Err(-2)");
        assertThat(photon.post("/fn/emit-assembly", "").body()).isEqualTo("0 -2");

        assertThat(photon.readAll("orders.c"))
                .extracting(
                        event -> text(event.key()), event -> text(event.value()), event -> header(event, "ce_subject"))
                .containsExactly(tuple("b", "b", "b"), tuple("c", "c", "c"));
        assertThat(photon.readAll("orders.rust"))
                .extracting(event -> text(event.value()))
                .containsExactly("from Rust");
        assertThat(photon.readAll("orders.assembly"))
                .extracting(event -> text(event.value()), event -> header(event, "ce_type"))
                .containsExactly(tuple("from AssemblyScript", "order.created"));
    }

    @Test
    void aTriggersEventsHaveItsRecordsNameAndRunTheNextFunction() throws Exception {
        for (var topic : List.of("placed", "checked", "checked.out")) {
            photon.newTopic(topic);
        }
        script("check", "checked", "[[triggers]]\ntopic = \"placed\"\non_error = { retries = 0 }\n");
        photon.deployGuest("env", "[[triggers]]\ntopic = \"checked\"\noutput = \"checked.out\"\n");

        photon.send(new ProducerRecord<>("placed", "trap".getBytes(UTF_8)));
        photon.send(new ProducerRecord<>("placed", "an order".getBytes(UTF_8)));

        var ran = photon.read("checked.out", 2);
        assertThat(ran)
                .anySatisfy(output -> assertThat(text(output.value()).lines())
                        .contains(
                                "HTTP_CE_ID=placed-0-1.0",
                                "HTTP_CE_SOURCE=/regions/local/fn/check",
                                "HTTP_KAFKA_KEY=k1"))
                .anySatisfy(output -> assertThat(text(output.value()).lines()).contains("HTTP_CE_ID=placed-0-1.1"));
        assertThat(photon.readAll("checked")).hasSize(2);
    }

    @Test
    void whatCannotBePublishedFailsTheCall() throws Exception {
        photon.newTopic("narrow", Map.of("max.message.bytes", "100"));
        script("lost", "narrow", "");

        var answer = photon.post("/fn/lost", "one");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body())
                .contains("the function's events for the topic 'narrow' could not be published: one is larger than the"
                        + " topic takes");
    }

    @Test
    void aStreamEndsOnlyAfterItsEvents() throws Exception {
        photon.newTopic("streamed");
        var stream = """
                export default {
                  fetch() {
                    photon.emit("streamed", "one");
                    return new Response("x".repeat(2_000_000));
                  },
                };
                """;
        deploy(stream.getBytes(UTF_8), toml("streamed", "1.0.0") + "lang = \"js\"\n" + events("streamed"));

        assertThat(photon.post("/fn/streamed", "").body()).hasSize(2_000_000);

        assertThat(photon.readAll("streamed")).hasSize(1);
    }

    @Test
    void topicsThatAreNotUsersOrWouldRunWithoutEndAreRefused() throws Exception {
        assertThat(refusal("[events]\ntopics = [\"photon.invocations\"]\n"))
                .contains("events.topics: 'photon.invocations' is the platform's own, or Kafka's");
        assertThat(refusal("[events]\ntopics = [\"a b\"]\n")).contains("events.topics");
        assertThat(refusal("[events]\ntopics = [\"t\"]\n[[triggers]]\ntopic = \"t\"\n"))
                .contains("the function has a trigger for 't' itself: it would run without end");
        assertThat(refusal("""
                        [events]
                        topics = ["t"]
                        [[triggers]]
                        topic = "u"
                        output = "v"
                        delivery = "exactly-once"
                        """)).contains("no part of the transaction of an exactly-once trigger");
    }

    private static String refusal(String more) throws Exception {
        var answer = photon.deploy(guest("echo"), toml("refused", "1.0.0") + more);
        assertThat(answer.statusCode()).isEqualTo(400);
        return answer.body();
    }
}
