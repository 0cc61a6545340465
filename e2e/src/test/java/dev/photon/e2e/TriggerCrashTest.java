package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.protocol.DeadLetter;
import dev.photon.protocol.DeadLetterCodec;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.TriggerCommit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors that are killed in the middle of records. */
class TriggerCrashTest {
    private static final int RECORDS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SCRIPT = """
            export default {
              async fetch(request) {
                const text = await request.text();
                while (text === "hang") {}
                return new Response(text);
              },
            };
            """;

    @TempDir
    Path cache;

    private TestingKafka kafka;
    private PhotonTester photon;

    @BeforeEach
    void start() throws Exception {
        kafka = TestingKafka.embedded();
        photon = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.REGISTRY, Role.INGRESS), Map.of());
        photon.newTopic("orders");
        photon.newTopic("done");
        var answer = photon.deploy(SCRIPT.getBytes(UTF_8), toml("shop", "1.0.0") + """
                        lang = "js"
                        [[triggers]]
                        topic = "orders"
                        output = "done"
                        on_error = { retries = 0 }
                        """);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @AfterEach
    void stop() throws Exception {
        photon.close();
        kafka.close();
    }

    private ChildProcess executor() throws Exception {
        return ChildProcess.faas(
                Map.of("PHOTON_CACHE", cache.toString()), "executor", "--bootstrap", kafka.bootstrap());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private Set<String> done() {
        return photon.readAll("done").stream()
                .map(output -> new String(output.value(), UTF_8))
                .collect(Collectors.toSet());
    }

    @Test
    void whatKillsItsExecutorsIsGivenUpAndNothingElseIsLost() throws Exception {
        var all = IntStream.range(0, RECORDS).mapToObj(Integer::toString).collect(Collectors.toSet());
        photon.send(new ProducerRecord<>("orders", bytes("hang"), bytes("hang")));
        try (var producer = new KafkaConnection(kafka.bootstrap()).producer("test", Map.of())) {
            for (var value : all) {
                producer.send(new ProducerRecord<>("orders", bytes(value), bytes(value)));
            }
            producer.flush();
        }

        try (var first = executor()) {
            await().atMost(PATIENCE).until(() -> !done().isEmpty());
            first.kill();
        }
        try (var second = executor()) {
            await().atMost(PATIENCE).until(this::attemptIsNoted);
            second.kill();
        }
        try (var third = executor()) {
            var letter = await().atMost(PATIENCE)
                    .until(this::deadLetter, Optional::isPresent)
                    .orElseThrow();
            assertThat(letter.id()).isEqualTo(new DeadLetter.Id("shop", "orders", 0, 0));
            assertThat(letter.failure().kind()).isEqualTo(ErrorKind.EXECUTOR_DIED);
            assertThat(letter.failure().attempts()).isEqualTo(1);
            await().atMost(PATIENCE).until(() -> done().equals(all));
            assertThat(third.stop()).isTrue();
        }
    }

    private boolean attemptIsNoted() throws Exception {
        var group = TOPICS.triggerGroup("shop", "orders");
        try (var admin = new KafkaConnection(kafka.bootstrap()).admin()) {
            var commits = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
            var commit = commits.get(new TopicPartition("orders", 0));
            return TriggerCommit.decode(commit.offset(), commit.metadata())
                    .filter(said -> said.attempts().containsKey(0L))
                    .isPresent();
        }
    }

    private Optional<DeadLetter> deadLetter() {
        return photon.readAll(TOPICS.deadLetters()).stream()
                .map(DeadLetterCodec::decode)
                .filter(Decoded.Valid.class::isInstance)
                .map(found -> ((Decoded.Valid<DeadLetter>) found).value())
                .findFirst();
    }
}
