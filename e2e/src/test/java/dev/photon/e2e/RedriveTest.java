package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A record that failed is given to its function again, and to no other. */
class RedriveTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String API = "/api/faas/v1/dead-letters";

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

    @Test
    void isADeadLetterUntilAVersionTakesIt() throws Exception {
        for (var topic : List.of("orders", "mended", "watched")) {
            photon.newTopic(topic);
        }
        deploy("trap", "mender", "1.0.0", "mended");
        deploy("echo", "watcher", "1.0.0", "watched");
        photon.send(new ProducerRecord<>("orders", "customer".getBytes(UTF_8), "an order".getBytes(UTF_8)));
        awaitDeadLetter(2, "1.0.0");

        redrive();
        awaitDeadLetter(4, "1.0.0");

        deploy("echo", "mender", "1.1.0", "mended");
        redrive();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(deadLetters()).isEmpty());

        assertThat(photon.readAll("mended")).singleElement().satisfies(RedriveTest::isTheOrder);
        assertThat(photon.readAll("watched")).singleElement().satisfies(RedriveTest::isTheOrder);
        assertThat(photon.post(API + "/mender/orders/0/0/redrive", "").statusCode())
                .isEqualTo(404);
    }

    private static void isTheOrder(ConsumerRecord<byte[], byte[]> output) {
        assertThat(output.key()).isEqualTo("customer".getBytes(UTF_8));
        assertThat(output.value()).isEqualTo("an order".getBytes(UTF_8));
    }

    private static void deploy(String guest, String function, String version, String output) throws Exception {
        var trigger = "[[triggers]]\ntopic = \"orders\"\noutput = \"%s\"\non_error = { retries = 1, backoff_ms = 10 }\n"
                .formatted(output);
        var answer = photon.deploy(guest(guest), toml(function, version) + trigger);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static void redrive() throws Exception {
        assertThat(photon.post(API + "/mender/orders/0/0/redrive", "").statusCode())
                .isEqualTo(202);
    }

    private static void awaitDeadLetter(int attempts, String version) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(deadLetters()).singleElement().satisfies(letter -> {
                    assertThat(letter.getString("id")).isEqualTo("mender/orders/0/0");
                    assertThat(letter.getInteger("attempts")).isEqualTo(attempts);
                    assertThat(letter.getString("version")).isEqualTo(version);
                    assertThat(letter.getString("error")).isEqualTo("function-failed");
                }));
    }

    private static List<JsonObject> deadLetters() throws Exception {
        var letters = new JsonObject(photon.get(API).body()).getJsonArray("deadLetters", new JsonArray());
        return Stream.iterate(0, number -> number + 1)
                .limit(letters.size())
                .map(letters::getJsonObject)
                .toList();
    }
}
