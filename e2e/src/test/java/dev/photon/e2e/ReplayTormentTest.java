package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.protocol.KafkaConnection;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A replay of much, and one whose executor dies: {@code -Ptorment}. */
@EnabledIfSystemProperty(named = "photon.torment", matches = "true")
class ReplayTormentTest {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayTormentTest.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int RECORDS = 100_000;
    private static final int PARTITIONS = 4;
    private static final int UNAVAILABLE = 3;

    @TempDir
    Path folder;

    private static String trigger(String topic) {
        return "[runtime]\ntimeout_ms = 600000\n[[triggers]]\ntopic = \"" + topic + "\"\n";
    }

    private static void topic(KafkaConnection kafka, String name, int records) throws Exception {
        try (var admin = kafka.admin();
                var producer = kafka.producer("test", Map.of("max.block.ms", "10000"))) {
            admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1)))
                    .all()
                    .get();
            for (int number = 0; number < records; number++) {
                var text = number(number).getBytes(UTF_8);
                producer.send(new ProducerRecord<>(name, text, text));
            }
            producer.flush();
        }
    }

    private static String number(int number) {
        return "%08d".formatted(number);
    }

    @Test
    void listsExactlyTheDifferingOfAHundredThousandRecords() throws Exception {
        try (var kafka = TestingKafka.embedded();
                var photon = PhotonTester.start(kafka.bootstrap())) {
            topic(new KafkaConnection(kafka.bootstrap()), "many", RECORDS);
            photon.deploy(guest("handler-echo"), toml("many", "1.0.0") + trigger("many"));
            photon.deploy(guest("handler-echo-bug"), toml("many", "2.0.0") + trigger("many"));
            var wish = new JsonObject()
                    .put("from", "2020-01-01T00:00:00Z")
                    .put("trigger", "many")
                    .put("baseline", "1.0.0");
            var begun = System.nanoTime();

            var answer = photon.http()
                    .send(
                            HttpRequest.newBuilder(photon.url("/api/faas/v1/function/many/replay"))
                                    .POST(HttpRequest.BodyPublishers.ofString(wish.encode()))
                                    .build(),
                            HttpResponse.BodyHandlers.ofLines());
            var lines = answer.body()
                    .map(JsonObject::new)
                    .filter(line -> !line.getString("type").equals("progress"))
                    .toList();

            LOG.atWarn()
                    .addKeyValue("seconds", (System.nanoTime() - begun) / 1e9)
                    .addKeyValue("summary", lines.getLast().encode())
                    .log("replayed");
            assertThat(lines.getLast().getMap())
                    .containsEntry("type", "summary")
                    .containsEntry("records", RECORDS)
                    .containsEntry("same", RECORDS - 10)
                    .containsEntry("different", 10);
            var keys = lines.stream()
                    .filter(line -> line.getString("type").equals("different"))
                    .map(line -> line.getString("key"))
                    .toList();
            assertThat(keys)
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 10)
                            .mapToObj(tens -> number(tens * 10_000 + 7_777))
                            .toList());
        }
    }

    @Test
    void theCommandEndsWithOneLineWhenTheExecutorIsKilled() throws Exception {
        var environment = Map.of("PHOTON_CACHE", folder.resolve("cache").toString());
        try (var kafka = TestingKafka.embedded();
                var photon = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.REGISTRY, Role.INGRESS), Map.of());
                var executor = ChildProcess.faas(environment, "executor", "--bootstrap", kafka.bootstrap());
                var commands = Executors.newVirtualThreadPerTaskExecutor()) {
            topic(new KafkaConnection(kafka.bootstrap()), "lost", 3);
            var loop = "export default { fetch() { while (true) {} } };";
            photon.deploy(guest("handler-echo"), toml("lost", "1.0.0"));
            photon.deploy(loop.getBytes(UTF_8), toml("lost", "2.0.0") + "lang = \"js\"\n" + trigger("lost"));
            var launcher = new Launcher(folder, Map.of("API_URL", photon.url("").toString()));

            var command = commands.submit(() -> launcher.run(
                    "remote", "replay", "lost", "--from", "1h", "--trigger", "lost", "--baseline", "1.0.0"));
            await().atMost(PATIENCE)
                    .until(() -> !photon.readAll(TOPICS.responses()).isEmpty());
            executor.kill();

            assertThat(command.get().exitCode()).isEqualTo(UNAVAILABLE);
            assertThat(command.get().error())
                    .isEqualTo("faas: the replay ended early: the executor that wrote the answer went silent\n");
        }
    }
}
