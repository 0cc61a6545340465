package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.photon.cli.Role;
import dev.photon.protocol.KafkaConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Publishers call functions through topics that an operator declares, changes and deletes while all goes on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EntryTopicsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Path PUBLISHERS =
            Path.of(System.getProperty("photon.root", "..")).toAbsolutePath().resolve("protocol/publishers");
    private static final int WINDOW = 4;
    private static final String GATED = """
            export default {
              async fetch(request) {
                const url = await request.text();
                await fetch(url);
                return new Response(url);
              },
            };
            """;

    private TestingKafka kafka;
    private KafkaConnection connection;
    private Admin admin;
    private Gate gate;
    private PhotonTester photon;
    private PhotonTester executor;

    @BeforeAll
    void start() throws Exception {
        kafka = TestingKafka.embedded();
        connection = new KafkaConnection(kafka.bootstrap());
        admin = connection.admin();
        gate = new Gate();
        photon = PhotonTester.start(
                kafka.bootstrap(), EnumSet.of(Role.REGISTRY, Role.INGRESS), Map.of("PHOTON_PARTITIONS", "1"));
        executor = executor();
        photon.deployGuest("echo");
        photon.deploy(GATED.getBytes(UTF_8), toml("gated", "1.0.0") + "lang = \"js\"\n" + gate.toml());
    }

    private PhotonTester executor() throws Exception {
        var settings = new HashMap<>(Gate.SETTINGS);
        settings.put("PHOTON_PARTITIONS", "1");
        settings.put("PHOTON_WINDOW", Integer.toString(WINDOW));
        settings.put("PHOTON_METRICS_PORT", "0");
        return PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.EXECUTOR), settings);
    }

    @AfterAll
    void stop() throws Exception {
        gate.close();
        executor.close();
        photon.close();
        admin.close();
        kafka.close();
    }

    /** With a topic for its answers, which is {@code <name>.replies}. */
    private void declare(String name, String functions, String more) throws Exception {
        var replies = name + ".replies";
        if (!photon.topics().contains(replies)) {
            photon.newTopic(replies);
        }
        var answer = photon.put(
                "/api/faas/v1/entries/" + name,
                "{\"functions\": [%s], \"replyTopics\": [\"%s\"]%s}".formatted(functions, replies, more));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private void publish(String name, String function, List<String> values) throws Exception {
        try (var producer = connection.producer("publisher", Map.of("max.block.ms", "5000"))) {
            for (var value : values) {
                var call = new ProducerRecord<>(TOPICS.entry(name), (byte[]) null, value.getBytes(UTF_8));
                call.headers()
                        .add("ce_photonfunction", function.getBytes(UTF_8))
                        .add("ce_photonreplytopic", (name + ".replies").getBytes(UTF_8));
                producer.send(call).get();
            }
        }
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private List<String> answers(String name, int count) {
        return photon.read(name + ".replies", count).stream()
                .map(EntryTopicsTest::text)
                .toList();
    }

    private static String text(ConsumerRecord<byte[], byte[]> source) {
        return new String(source.value(), UTF_8);
    }

    private static Optional<String> header(ConsumerRecord<byte[], byte[]> source, String name) {
        return Optional.ofNullable(source.headers().lastHeader(name)).map(header -> new String(header.value(), UTF_8));
    }

    private double metric(String start) throws Exception {
        return executor.monitor("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void whatMayNotBeCalledIsRefusedAndItsPublisherIsTold() throws Exception {
        declare("strict", "\"echo\"", "");

        publish("strict", "gated", List.of("not this one"));
        photon.send(new ProducerRecord<>(TOPICS.entry("strict"), "no function".getBytes(UTF_8)));
        publish("strict", "echo", List.of("this one"));

        var replies = photon.read("strict.replies", 2);
        var refused = replies.stream()
                .filter(reply -> header(reply, "ce_photonerror").isPresent())
                .toList();
        assertThat(refused).singleElement().satisfies(reply -> {
            assertThat(header(reply, "ce_photonerror")).contains("forbidden");
            assertThat(header(reply, "ce_photonstatus")).contains("403");
        });
        assertThat(answers("strict", 2)).contains("this one");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(metric("photon_executor_entry_refused_total{entry=\"strict\""))
                        .isEqualTo(2));
        assertThat(metric("photon_executor_entry_records_total{entry=\"strict\""))
                .isEqualTo(3);
    }

    @Test
    void whatIsPastItsDeadlineDoesNotRunAndItsPublisherIsTold() throws Exception {
        declare("brief", "\"echo\"", ", \"deadlineMillis\": 60000");
        var old = new ProducerRecord<>(
                TOPICS.entry("brief"), 0, System.currentTimeMillis() - 120_000, (byte[]) null, new byte[0]);
        old.headers()
                .add("ce_photonfunction", "echo".getBytes(UTF_8))
                .add("ce_photonreplytopic", "brief.replies".getBytes(UTF_8));

        photon.send(old);

        assertThat(header(photon.read("brief.replies", 1).getFirst(), "ce_photonerror"))
                .contains("timeout");
    }

    @Test
    void aTopicThatFloodsHoldsUpNoOther() throws Exception {
        declare("flooding", "\"gated\"", "");
        declare("calm", "\"echo\"", "");

        publish(
                "flooding",
                "gated",
                numbers(3 * WINDOW).stream().map(number -> gate.url("/flood")).toList());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(metric("photon_executor_entry_paused{entry=\"flooding\""))
                        .isEqualTo(1));
        publish("calm", "echo", List.of("at once"));

        assertThat(answers("calm", 1)).containsExactly("at once");
        assertThat(metric("photon_executor_entry_paused{entry=\"calm\"")).isZero();
        assertThat(photon.readAll("flooding.replies")).isEmpty();
        gate.open("/flood");
        assertThat(answers("flooding", 3 * WINDOW)).hasSize(3 * WINDOW);
    }

    @Test
    void whatIsOverItsRateWaitsAndIsNotLost() throws Exception {
        declare("paced", "\"echo\"", ", \"rate\": 1, \"burst\": 1");
        publish("paced", "echo", numbers(50));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(metric("photon_executor_entry_paused{entry=\"paced\""))
                        .isEqualTo(1));
        assertThat(metric("photon_executor_entry_records_total{entry=\"paced\""))
                .isLessThan(50);

        declare("paced", "\"echo\"", "");

        assertThat(answers("paced", 50)).containsExactlyInAnyOrderElementsOf(numbers(50));
    }

    @Test
    void whatIsPublishedWhileNoExecutorIsThereRunsLaterAndNothingElseRunsAgain() throws Exception {
        declare("lasting", "\"echo\"", "");
        publish("lasting", "echo", List.of("before"));
        assertThat(answers("lasting", 1)).containsExactly("before");

        executor.close();
        publish("lasting", "echo", List.of("meanwhile"));
        executor = executor();
        publish("lasting", "echo", List.of("after"));

        assertThat(answers("lasting", 3)).containsExactlyInAnyOrder("before", "meanwhile", "after");
        assertThat(photon.readAll("lasting.replies")).hasSize(3);
    }

    @Test
    void whatIsPublishedBetweenADeletionAndANewDeclarationDoesNotRun() throws Exception {
        declare("passing", "\"echo\"", "");
        publish("passing", "echo", List.of("first"));
        assertThat(answers("passing", 1)).containsExactly("first");

        assertThat(photon.delete("/api/faas/v1/entries/passing").body()).contains("\"deleted\"");
        await().atMost(PATIENCE).until(() -> isReadByNobody("passing"));
        publish("passing", "echo", List.of("to nobody"));
        declare("passing", "\"echo\"", "");
        publish("passing", "echo", List.of("second"));

        assertThat(answers("passing", 2)).containsExactly("first", "second");
        assertThat(photon.delete("/api/faas/v1/entries/passing?purge=true").body())
                .contains("\"purged\"");
        assertThat(photon.topics()).doesNotContain(TOPICS.entry("passing"));
    }

    private boolean isReadByNobody(String name) throws Exception {
        return admin.listGroups().all().get().stream()
                .filter(group -> group.groupId().startsWith(TOPICS.entry(name) + "."))
                .map(GroupListing::groupState)
                .allMatch(state -> state.equals(Optional.of(GroupState.EMPTY)));
    }

    @Test
    void whatCannotBeDeclaredIsRefusedWithItsReason() throws Exception {
        assertThat(photon.put("/api/faas/v1/entries/odd", "").body()).contains("the request's body is the entry topic");
        assertThat(photon.put("/api/faas/v1/entries/odd", "{\"functions\": []}").statusCode())
                .isEqualTo(400);
        assertThat(photon.put("/api/faas/v1/entries/local", "{\"functions\": [\"echo\"]}")
                        .statusCode())
                .isEqualTo(409);
        assertThat(photon.delete("/api/faas/v1/entries/odd").statusCode()).isEqualTo(404);
        assertThat(photon.topics()).doesNotContain(TOPICS.entry("odd"));
    }

    @Test
    void anOperatorWorksByTheCommandLineAndAPublisherByKcat(@TempDir Path folder) throws Exception {
        assumeTrue(there("kcat"), "kcat is not installed");
        var faas = new Launcher(
                folder, Map.of("API_URL", photon.url("").toString(), "XDG_CONFIG_HOME", folder.toString()));
        photon.newTopic("shop.replies");
        var created = faas.run(
                "entry", "create", "shop", "--function", "echo", "--reply-topic", "shop.replies", "--rate", "100");
        assertThat(created.exitCode()).as(created.error()).isZero();

        var body = Files.writeString(folder.resolve("request.json"), "{\"who\":\"world\"}");
        run(
                folder,
                "kcat",
                "-P",
                "-b",
                kafka.bootstrap(),
                "-t",
                "photon.in.shop",
                "-H",
                "ce_photonfunction=echo",
                "-H",
                "ce_photonreplytopic=shop.replies",
                "-H",
                "content-type=application/json",
                "-H",
                "ce_id=call-1",
                body.toString());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(run(
                                folder,
                                "kcat",
                                "-C",
                                "-b",
                                kafka.bootstrap(),
                                "-t",
                                "shop.replies",
                                "-o",
                                "beginning",
                                "-e",
                                "-q",
                                "-f",
                                "%k %s\n"))
                        .isEqualTo("call-1 {\"who\":\"world\"}\n"));

        assertThat(faas.run("entry", "list").output()).contains("photon.in.shop", "echo", "100/s, 100 at once");
        assertThat(faas.run("entry", "delete", "nothing").exitCode()).isEqualTo(4);
    }

    @Test
    void aCloudEventsSdkOfAnotherLanguagePublishesAndReadsTheAnswer(@TempDir Path folder) throws Exception {
        declare("node", "\"echo\"", "");
        for (var file : List.of("publish.mjs", "package.json", "package-lock.json")) {
            Files.copy(PUBLISHERS.resolve(file), folder.resolve(file));
        }
        run(folder, "npm", "ci", "--no-audit", "--no-fund");

        assertThat(run(
                        folder,
                        "node",
                        "publish.mjs",
                        kafka.bootstrap(),
                        TOPICS.entry("node"),
                        "echo",
                        "node.replies",
                        "hello"))
                .isEqualTo("200 {\"text\":\"hello\"}\n");
        assertThat(run(
                        folder,
                        "node",
                        "publish.mjs",
                        kafka.bootstrap(),
                        TOPICS.entry("node"),
                        "gated",
                        "node.replies",
                        "hello"))
                .isEqualTo("forbidden: the function may not be called through this topic\n");
    }

    @Test
    void aJavaClientPublishesAndReadsTheAnswer(@TempDir Path folder) throws Exception {
        declare("java", "\"echo\"", "");

        assertThat(run(
                        folder,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        Launcher.QUICK_COMPILER,
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PUBLISHERS.resolve("Publish.java").toString(),
                        kafka.bootstrap(),
                        TOPICS.entry("java"),
                        "echo",
                        "java.replies",
                        "hello"))
                .isEqualTo("200 hello\n");
    }

    private static boolean there(String command) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "command -v " + command).start().waitFor() == 0;
    }

    private static String run(Path folder, String... command) throws IOException, InterruptedException {
        var errors = Files.createTempFile(folder, "", ".error");
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(errors.toFile())
                .start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
        return output;
    }
}
