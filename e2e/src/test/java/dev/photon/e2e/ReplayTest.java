package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.photon.cli.Role;
import dev.photon.protocol.Deadline;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.Digest;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Replay;
import dev.photon.protocol.ReplayCodec;
import dev.photon.protocol.ReplyTo;
import dev.photon.protocol.Target;
import dev.photon.protocol.UsageCodec;
import dev.photon.protocol.UsageRecord;
import dev.photon.protocol.ViewPosition;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Retained records run again in another version. Each test has a function of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplayTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int RECORDS = 200;
    private static final int SHIFTED = 17;

    /** Of each version the same, but for what is told of it. */
    private static final String SCRIPT = """
            export default {
              async fetch(request) {
                const text = await request.text();
                if (text === "chance") return new Response(String(Math.random()));
                if (text === "call") {
                  const answer = await fetch("http://HOST/", { method: "POST", body: "pay" }).catch(() => ({ status: 0 }));
                  return new Response("paid: " + answer.status);
                }
                MORE
                return new Response("answer to " + text.length + " " + text.slice(0, 40));
              },
            };
            """;

    private static final String BUG = """
            if (Number(text) % 50 === 17) return new Response("answer to nothing");
            if (text === "33") throw new Error("no such thing");
            """;
    private static final String LOOP = "while (text === \"1\") {}";

    private final Instant begin = Instant.now().minusSeconds(60);
    private final AtomicInteger paid = new AtomicInteger();

    private TestingKafka kafka;
    private PhotonTester photon;
    private HttpServer service;
    private String host;

    @TempDir
    Path folder;

    @BeforeAll
    void start() throws Exception {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", exchange -> {
            paid.incrementAndGet();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        service.start();
        host = "127.0.0.1:" + service.getAddress().getPort();
        kafka = TestingKafka.embedded();
        photon = PhotonTester.start(
                kafka.bootstrap(), EnumSet.allOf(Role.class), Map.of("PHOTON_OUTBOUND_ALLOW", "127.0.0.0/8"));
    }

    @AfterAll
    void stop() throws Exception {
        photon.close();
        kafka.close();
        service.stop(0);
    }

    private void deploy(String name, String version, String more, String moreToml) throws Exception {
        var toml = toml(name, version) + "lang = \"js\"\n[cors_settings]\nallowed_hosts = [\"" + host
                + "\"]\nallowed_methods = [\"POST\"]\nallow_http = true\n" + moreToml;
        var answer =
                photon.deploy(SCRIPT.replace("HOST", host).replace("MORE", more).getBytes(UTF_8), toml);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static String trigger(String topic) {
        return "[runtime]\ntimeout_ms = 600000\n[[triggers]]\ntopic = \"%s\"\noutput = \"%s.out\"\n"
                .formatted(topic, topic);
    }

    /** A function with a trigger that has run for so many records, and a second version with a bug. */
    private void triggered(String name, int records, String bug) throws Exception {
        photon.newTopic(name);
        photon.newTopic(name + ".out");
        deploy(name, "1.0.0", "", trigger(name));
        publish(name, IntStream.range(0, records).mapToObj(Integer::toString).toList());
        photon.read(name + ".out", records);
        deploy(name, "2.0.0", bug, trigger(name));
    }

    /** The times of the records are a millisecond apart. */
    private void publish(String topic, List<String> values) throws Exception {
        try (var producer = new KafkaConnection(kafka.bootstrap()).producer("test", Map.of("max.block.ms", "5000"))) {
            for (int number = 0; number < values.size(); number++) {
                var value = values.get(number);
                producer.send(new ProducerRecord<>(
                        topic,
                        null,
                        begin.plusMillis(number).toEpochMilli(),
                        ("key " + value).getBytes(UTF_8),
                        value.getBytes(UTF_8)));
            }
            producer.flush();
        }
    }

    private JsonObject wish() {
        return new JsonObject().put("from", begin.toString());
    }

    private static String path(String function) {
        return "/api/faas/v1/function/" + function + "/replay";
    }

    /** The report, line by line. */
    private List<JsonObject> replay(String function, JsonObject wish) throws Exception {
        var answer = photon.post(path(function), wish.encode());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body().lines().map(JsonObject::new).toList();
    }

    private static List<JsonObject> ofType(List<JsonObject> report, String type) {
        return report.stream()
                .filter(line -> line.getString("type").equals(type))
                .toList();
    }

    private static JsonObject summary(List<JsonObject> report) {
        assertThat(report.getLast().getString("type"))
                .as(report.getLast().encode())
                .isEqualTo("summary");
        return report.getLast();
    }

    private static Set<Long> offsets(List<JsonObject> report, String type) {
        return ofType(report, type).stream().map(line -> line.getLong("offset")).collect(Collectors.toSet());
    }

    /** Of all groups, as soon as they do not move any more. */
    private Map<String, Object> groupOffsets() throws Exception {
        try (var admin = new KafkaConnection(kafka.bootstrap()).admin()) {
            var all = new TreeMap<String, Object>();
            for (var group : admin.listGroups().all().get()) {
                if (!group.groupId().contains("replays")) {
                    admin.listConsumerGroupOffsets(group.groupId())
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .forEach(
                                    (partition, commit) -> all.put(group.groupId() + " " + partition, commit.offset()));
                }
            }
            return all;
        }
    }

    private Map<String, Object> settledOffsets() {
        var before = new ArrayList<Map<String, Object>>();
        before.add(Map.of());
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(
                        () -> {
                            before.add(groupOffsets());
                            return before.getLast();
                        },
                        now -> now.equals(before.get(before.size() - 2)));
    }

    @Test
    void listsExactlyTheRecordsOfATriggerThatABugChangesAndMovesNothing() throws Exception {
        triggered("orders", RECORDS, "console.log(\"ran \" + text);" + BUG);
        var offsets = settledOffsets();

        var report = replay("orders", wish().put("trigger", "orders").put("baseline", "1.0.0"));

        assertThat(offsets(report, "different")).containsExactlyInAnyOrder(17L, 33L, 67L, 117L, 167L);
        assertThat(summary(report).getMap())
                .containsEntry("records", RECORDS)
                .containsEntry("same", RECORDS - 5)
                .containsEntry("different", 5)
                .containsEntry("removed", 0);
        var first = ofType(report, "different").getFirst();
        assertThat(first.getString("key")).isEqualTo("key 17");
        assertThat(first.getJsonArray("differences")).isEqualTo(new JsonArray().add("body"));
        assertThat(first.getJsonObject("baseline").getString("excerpt")).isEqualTo("answer to 2 17");
        assertThat(first.getJsonObject("candidate").getString("excerpt")).isEqualTo("answer to nothing");
        assertThat(summary(report).getJsonObject("errors").getMap())
                .containsEntry("baseline", 0)
                .containsEntry("candidate", 1);
        assertThat(summary(report)
                        .getJsonObject("micros")
                        .getJsonObject("candidate")
                        .getLong("p50"))
                .isPositive();
        assertThat(groupOffsets()).isEqualTo(offsets);
        assertThat(photon.readAll("orders.out")).hasSize(RECORDS);
        assertThat(photon.readAll(TOPICS.deadLetters())).isEmpty();
        // What is counted or logged is sent in a while, and after what was before.
        publish("orders", List.of("one more"));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(counted("orders")).isEqualTo(RECORDS + 1));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(logged("orders")).contains("ran one more"));
        assertThat(logged("orders")).doesNotContain("ran 1", "no such thing");
    }

    private String logged(String function) throws Exception {
        return photon.get("/api/faas/v1/logs?functionName=" + function + "&functionVersion=2.0.0")
                .body();
    }

    /** The runs that usage has of a function. */
    private long counted(String function) {
        var latest = new TreeMap<String, Long>();
        for (var source : photon.readAll(TOPICS.usage())) {
            if (UsageCodec.decode(source) instanceof Decoded.Valid<UsageRecord> valid
                    && valid.value().function().equals(function)) {
                latest.put(
                        new String(source.key(), UTF_8), valid.value().totals().requests());
            }
        }
        return latest.values().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void runsCallsInTheVersionThatTheyWereMadeToAndInTheOther() throws Exception {
        deploy("calls", "1.0.0", "", "");
        var bodies =
                IntStream.range(0, 40).mapToObj(Integer::toString).collect(Collectors.toCollection(ArrayList::new));
        bodies.add("chance");
        bodies.add("large".repeat(400_000));
        for (var body : bodies) {
            assertThat(photon.post("/fn/calls", body).statusCode()).isEqualTo(200);
        }
        var event = new ProducerRecord<>(TOPICS.entry("local"), (byte[]) null, "17".getBytes(UTF_8));
        event.headers()
                .add("ce_photonfunction", "calls".getBytes(UTF_8))
                .add("ce_photonversion", "1.0.0".getBytes(UTF_8));
        photon.send(event);
        deploy("calls", "2.0.0", BUG, "");

        var report = replay("calls", wish().put("version", "2.0.0"));

        assertThat(ofType(report, "different"))
                .extracting(line -> line.getJsonObject("baseline").getString("excerpt"))
                .containsExactlyInAnyOrder("answer to 2 17", "answer to 2 33", "answer to 2 17");
        assertThat(summary(report).getMap())
                .containsEntry("records", 43)
                .containsEntry("same", 39)
                .containsEntry("unstable", 1)
                .containsEntry("notRun", 0);
        photon.delete("/api/faas/v1/function/calls/1.0.0");
        assertThat(summary(replay("calls", wish())).getMap()).containsEntry("noBaseline", 43);
        assertThat(summary(replay("calls", wish().put("baseline", "2.0.0"))).getMap())
                .containsEntry("same", 42);
    }

    @Test
    void refusesCallsToOthersAndDoesNotTakeThatForADifference() throws Exception {
        deploy("payer", "1.0.0", "", "");
        assertThat(photon.post("/fn/payer", "call").body()).isEqualTo("paid: 204");
        assertThat(photon.post("/fn/payer", "17").statusCode()).isEqualTo(200);
        var before = paid.get();
        deploy("payer", "2.0.0", BUG, "");
        photon.newTopic("payer.sink");

        var report = replay("payer", wish().put("sink", "payer.sink"));

        assertThat(paid).hasValue(before);
        assertThat(summary(report).getMap()).containsEntry("called", 1).containsEntry("different", 1);
        assertThat(ofType(report, "called")
                        .getFirst()
                        .getJsonObject("candidate")
                        .getInteger("refusedCalls"))
                .isEqualTo(1);
        assertThat(photon.readAll("payer.sink")).hasSize(1);
    }

    @Test
    void publishesWhatTheVersionAnswersToTheTopicThatIsNamed() throws Exception {
        triggered("fed", 20, BUG);
        photon.newTopic("fed.sink");

        var report = replay("fed", wish().put("trigger", "fed").put("sink", "fed.sink"));

        assertThat(summary(report).getMap()).containsEntry("published", 20).containsEntry("different", 0);
        var outputs = photon.readAll("fed.sink");
        assertThat(outputs).hasSize(20);
        assertThat(new String(outputs.get(SHIFTED).value(), UTF_8)).isEqualTo("answer to nothing");
        assertThat(new String(
                        outputs.get(SHIFTED)
                                .headers()
                                .lastHeader("ce_photoncause")
                                .value(),
                        UTF_8))
                .isEqualTo("fed/0/17");
        assertThat(photon.readAll("fed.out")).hasSize(20);
    }

    @Test
    void takesTheRecordsBetweenTheTimesAndTellsOfThoseThatAreRemoved() throws Exception {
        triggered("kept", 10, BUG);
        var all = wish().put("trigger", "kept");
        var middle = all.copy().put("from", time(2)).put("to", time(7));

        assertThat(summary(replay("kept", middle)).getMap())
                .containsEntry("records", 5)
                .containsEntry("removed", 0);
        assertThat(summary(replay("kept", all.copy().put("from", time(10)))).getMap())
                .containsEntry("records", 0)
                .containsEntry("removed", 0);
        removeBefore("kept", 4);
        assertThat(summary(replay("kept", middle)).getMap())
                .containsEntry("records", 3)
                .containsEntry("removed", 4);
        removeBefore("kept", 10);
        assertThat(summary(replay("kept", middle)).getMap())
                .containsEntry("records", 0)
                .containsEntry("removed", 10);
    }

    /** That of a published record. */
    private String time(int number) {
        return begin.plusMillis(number).toString();
    }

    private void removeBefore(String topic, long offset) throws Exception {
        try (var admin = new KafkaConnection(kafka.bootstrap()).admin()) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }

    @Test
    void runsNoWishThatIsGivenUpAndNoTopicOfThePlatform() throws Exception {
        triggered("late", 3, BUG);
        photon.newTopic("late.sink");
        var longest = Duration.ofMinutes(30).toMillis();
        var asked = System.currentTimeMillis() - Replay.UNTAKEN_MILLIS;

        send(lateReplay("late", new Deadline(asked + longest, longest)));
        send(lateReplay(TOPICS.replays(), Deadline.in(longest)));
        send(lateReplay("late", Deadline.in(longest)));

        photon.read("late.sink", 3);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(replayThreads()).isEmpty());
        assertThat(photon.readAll("late.sink"))
                .extracting(output ->
                        new String(output.headers().lastHeader("ce_photoncause").value(), UTF_8))
                .containsExactly("late/0/0", "late/0/1", "late/0/2");
    }

    private Replay lateReplay(String trigger, Deadline deadline) throws Exception {
        var metadata =
                photon.get("/api/faas/v1/download/late/2.0.0?metaOnly=true").body();
        var digest = Digest.parse(new JsonObject(metadata).getString("digest")).orElseThrow();
        return new Replay(
                InvocationIds.next(),
                "/test",
                new Target.Resolved("late", "2.0.0", digest, ViewPosition.of(0)),
                Optional.empty(),
                begin.toEpochMilli(),
                System.currentTimeMillis(),
                Optional.of(trigger),
                Optional.of("late.sink"),
                deadline,
                new ReplyTo.Ingress(0, "nobody"));
    }

    /** To one partition, so that they are taken one after the other. */
    private void send(Replay replay) throws Exception {
        var encoded = ReplayCodec.encode(TOPICS.replays(), replay);
        photon.send(new ProducerRecord<>(encoded.topic(), 0, (byte[]) null, encoded.value(), encoded.headers()));
    }

    @Test
    void endsWhenItsReaderGoesAwayAndTakesOnlyAFewAtOnce() throws Exception {
        triggered("endless", 3, LOOP);
        var wish = wish().put("trigger", "endless").encode();
        var first = open("endless", wish);
        var second = open("endless", wish);

        var third = photon.post(path("endless"), wish);

        assertThat(third.statusCode()).isEqualTo(429);
        assertThat(third.body()).contains("2 replays");
        first.close();
        second.close();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(replayThreads()).isEmpty());
        assertThat(summary(replay(
                                "endless",
                                wish().put("trigger", "endless")
                                        .put("version", "1.0.0")
                                        .put("baseline", "1.0.0")))
                        .getMap())
                .containsEntry("same", 3);
    }

    /** A replay whose report has begun. */
    private Socket open(String function, String wish) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), photon.url("").getPort());
        socket.getOutputStream()
                .write("POST %s HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: %d\r\n\r\n%s"
                        .formatted(path(function), wish.length(), wish)
                        .getBytes(UTF_8));
        var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        assertThat(answer.lines().anyMatch(line -> line.contains("\"started\"")))
                .isTrue();
        return socket;
    }

    private static List<Thread> replayThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("replay-"))
                .toList();
    }

    private static List<Thread> computing() {
        return replayThreads().stream()
                .filter(thread -> thread.getState() == Thread.State.RUNNABLE)
                .toList();
    }

    @Test
    void refusesWhatCannotBeReplayed() throws Exception {
        triggered("refused", 1, "");

        assertProblem(refused(new JsonObject()), 400, "'from' is missing");
        assertProblem(refused(wish().put("form", "x")), 400, "'form' is none of");
        assertProblem(refused(wish().put("to", begin.toString())), 400, "'from' is not before 'to'");
        assertProblem(refused(wish().put("from", "noon")), 400, "'from' is a time");
        assertProblem(refused(wish().put("trigger", "bills")), 400, "has a trigger of 'bills'");
        assertProblem(refused(wish().put("trigger", "photon.invocations")), 400, "reserved");
        assertProblem(refused(wish().put("sink", "photon.invocations")), 400, "reserved");
        assertProblem(refused(wish().put("sink", "refused")), 400, "would run 'refused' again");
        assertProblem(refused(wish().put("version", "3.0.0")), 404, "no version '3.0.0'");
        assertProblem(refused(wish().put("baseline", "3.0.0")), 404, "no version '3.0.0'");
        assertProblem(photon.post(path("nobody"), wish().encode()), 404, "there is no function 'nobody'");
    }

    private HttpResponse<String> refused(JsonObject wish) throws Exception {
        return photon.post(path("refused"), wish.encode());
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String detail) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(new JsonObject(answer.body()).getString("detail")).contains(detail);
    }

    @Test
    void theCommandTellsByItsExitCodeWhetherSomethingDiffers() throws Exception {
        triggered("told", 20, BUG);
        var launcher = new Launcher(folder, Map.of("API_URL", photon.url("").toString()));
        var replay = new String[] {"remote", "replay", "told", "--from", "1h", "--trigger", "told"};

        var differs = launcher.run(with(replay, "--baseline", "1.0.0"));
        var same = launcher.run(with(replay, "--json"));
        var refused = launcher.run(with(replay, "--sink", "photon.usage"));

        assertThat(differs.exitCode()).as(differs.error()).isEqualTo(1);
        assertThat(differs.output())
                .containsPattern("told/0/17 +key 17 +differs: \\[body]")
                .contains("answer to nothing", "p99")
                .containsPattern("different +1\n");
        assertThat(same.exitCode()).as(same.error()).isZero();
        var summary = new JsonObject(same.output().lines().toList().getLast());
        assertThat(summary.getInteger("same")).isEqualTo(20);
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.error()).isEqualTo("faas: 'photon.usage' is a reserved topic\n");
    }

    private static String[] with(String[] words, String... more) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /** Live calls go on meanwhile, and none waits for the replay. */
    @Test
    void callsAreAnsweredWhileAReplayTakesAllThatIsIdle() throws Exception {
        var threads = Runtime.getRuntime().availableProcessors();
        triggered("busy", threads, "while (true) {}");
        photon.deployGuest("echo");
        var reader = open(
                "busy", wish().put("trigger", "busy").put("baseline", "1.0.0").encode());
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(computing()).hasSizeGreaterThanOrEqualTo(threads));
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = IntStream.range(0, 100)
                    .mapToObj(number -> callers.submit(
                            () -> photon.post("/fn/echo", "call " + number).body()))
                    .toList();

            for (int number = 0; number < calls.size(); number++) {
                assertThat(calls.get(number).get()).isEqualTo("call " + number);
            }
            assertThat(computing()).hasSizeGreaterThanOrEqualTo(threads);
        } finally {
            reader.close();
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(replayThreads()).isEmpty());
    }
}
