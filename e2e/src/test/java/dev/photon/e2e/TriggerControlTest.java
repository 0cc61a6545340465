package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.protocol.KafkaConnection;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is known of triggers, and how they are changed: without an executor, so that nothing moves by itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TriggerControlTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String API = "/api/faas/v1/";

    private TestingKafka kafka;
    private PhotonTester photon;
    private Admin admin;

    @BeforeAll
    void start() throws Exception {
        kafka = TestingKafka.embedded();
        photon = PhotonTester.start(
                kafka.bootstrap(),
                EnumSet.of(Role.REGISTRY, Role.INGRESS),
                Map.of("PHOTON_ENTRIES", "", "PHOTON_PARTITIONS", "1"));
        admin = new KafkaConnection(kafka.bootstrap()).admin();
    }

    @AfterAll
    void stop() throws Exception {
        admin.close();
        photon.close();
        kafka.close();
    }

    @Test
    void aTriggerBeginsWhereTheTopicEndedAndKeepsItsPlaceOverNewVersions() throws Exception {
        publish(photon.newTopic("orders"), 3);
        deploy("begins", "1.0.0", trigger("orders"));
        publish("orders", 2);

        var trigger = trigger("begins", 0);
        assertThat(trigger.getString("group")).isEqualTo("photon.trigger.begins/orders");
        assertThat(trigger.getBoolean("paused")).isFalse();
        assertThat(trigger.getString("version")).isEqualTo("1.0.0");
        assertThat(trigger.getLong("lag")).isEqualTo(2);
        assertThat(trigger.getJsonArray("partitions"))
                .isEqualTo(new JsonArray("[{\"partition\":0,\"start\":3,\"committed\":null,\"end\":5,\"lag\":2}]"));

        deploy("begins", "1.1.0", trigger("orders") + "start = \"earliest\"\noutput = \"orders.done\"\n");

        var next = trigger("begins", 0);
        assertThat(next.getString("version")).isEqualTo("1.1.0");
        assertThat(next.getString("output")).isEqualTo("orders.done");
        assertThat(start(next)).isEqualTo(3);
        assertThat(metadata("begins").getJsonArray("triggers").getJsonObject(0).getString("start"))
                .isEqualTo("earliest");
    }

    @Test
    void onlyCommitsSinceTheTriggerBeganCount() throws Exception {
        publish(photon.newTopic("counted"), 4);
        deploy("counts", "1.0.0", trigger("counted") + "start = \"earliest\"\n");
        commit("counts", "counted", 2, "1;0;;");
        assertThat(trigger("counts", 0).getLong("lag")).isEqualTo(4);

        var position = new JsonObject(new String(
                photon.readAll(TOPICS.functions()).stream()
                        .filter(state -> new String(state.key(), UTF_8).equals("trigger/counts/counted"))
                        .toList()
                        .getLast()
                        .value(),
                UTF_8));
        commit("counts", "counted", 2, position.getLong("generation") + ";0;;");

        assertThat(trigger("counts", 0).getLong("lag")).isEqualTo(2);
    }

    @Test
    void aTriggerIsPausedResumedAndSoughtAndItsHistorySaysSo() throws Exception {
        publish(photon.newTopic("sought"), 5);
        deploy("seeks", "1.0.0", trigger("sought"));

        assertThat(post("seeks/trigger/sought/pause").getString("status")).isEqualTo("paused");
        assertThat(post("seeks/trigger/sought/pause").getString("status")).isEqualTo("unchanged");
        assertThat(trigger("seeks", 0).getBoolean("paused")).isTrue();
        assertThat(post("seeks/trigger/sought/resume").getString("status")).isEqualTo("resumed");

        assertThat(seek("{\"to\":\"earliest\"}").statusCode()).isEqualTo(200);
        assertThat(start(trigger("seeks", 0))).isZero();
        assertThat(seek("{\"to\":{\"0\":4}}").statusCode()).isEqualTo(200);
        assertThat(start(trigger("seeks", 0))).isEqualTo(4);
        assertThat(seek("{\"to\":\"2000-01-01T00:00:00Z\"}").statusCode()).isEqualTo(200);
        assertThat(start(trigger("seeks", 0))).isZero();
        for (var wrong : List.of("", "[]", "{}", "{\"to\":5}", "{\"to\":\"soon\"}", "{\"to\":{\"0\":6}}")) {
            var answer = seek(wrong);
            assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
            assertThat(new JsonObject(answer.body()).getString("detail"))
                    .as(wrong)
                    .isNotEmpty();
        }
        assertThat(photon.post(API + "function/seeks/trigger/other/pause", "").statusCode())
                .isEqualTo(404);

        var history = new JsonArray(photon.get(API + "function/seeks/history").body());
        assertThat(history.stream()
                        .map(entry -> ((JsonObject) entry).getString("action"))
                        .collect(Collectors.toSet()))
                .contains("trigger-paused", "trigger-resumed", "trigger-sought");
        assertThat(history.getJsonObject(1).getString("subject")).isEqualTo("sought");
    }

    @Test
    void aPlainRecordPausesToo() throws Exception {
        deploy("plain", "1.0.0", trigger(photon.newTopic("plain-topic")));
        var command = new ProducerRecord<>(TOPICS.deployments(), "plain".getBytes(UTF_8), (byte[]) null);
        command.headers()
                .add("ce_type", "dev.photon.trigger".getBytes(UTF_8))
                .add("ce_photontopic", "plain-topic".getBytes(UTF_8))
                .add("ce_photonaction", "pause".getBytes(UTF_8));

        photon.send(command);

        await().atMost(PATIENCE).until(() -> trigger("plain", 0).getBoolean("paused"));
    }

    @Test
    void aDeletionBringsTheTriggersOfTheVersionBeforeBackAndTheLastOneTakesTheirGroups() throws Exception {
        photon.newTopic("first");
        photon.newTopic("second");
        deploy("goes", "1.0.0", trigger("first"));
        commit("goes", "first", 0, "");
        deploy("goes", "2.0.0", trigger("second"));
        commit("goes", "second", 0, "");
        assertThat(topicsOf("goes")).containsExactly("second");
        await().atMost(PATIENCE).until(() -> !groups().contains("photon.trigger.goes/first"));

        publish("first", 1);
        photon.delete(API + "function/goes/2.0.0");

        assertThat(topicsOf("goes")).containsExactly("first");
        assertThat(start(trigger("goes", 0))).isEqualTo(1);

        photon.delete(API + "function/goes");

        assertThat(photon.get(API + "function/goes/triggers").statusCode()).isEqualTo(404);
        assertThat(new JsonArray(photon.get(API + "triggers?functionName=goes").body()))
                .isEmpty();
        await().atMost(PATIENCE).until(() -> groups().stream().noneMatch(group -> group.contains("goes")));
    }

    @Test
    void aTopicThatIsNotThereIsToldOfAndOneOfThePlatformIsRefused() throws Exception {
        var absent = photon.deploy(guest("echo"), toml("absent", "1.0.0") + trigger("not-there"));
        var reserved = photon.deploy(guest("echo"), toml("reserved", "1.0.0") + trigger("photon.functions"));

        assertThat(absent.body()).contains("there is no topic 'not-there' yet");
        assertThat(trigger("absent", 0).getString("problem")).isEqualTo("there is no such topic yet");
        assertThat(reserved.statusCode()).isEqualTo(400);
        assertThat(reserved.body()).contains("'photon.functions' is the platform's own");
    }

    /** As one whose topic the registry may not read. */
    @Test
    void aTriggerThatHasNotBegunIsToldOf() throws Exception {
        deploy("waits", "1.0.0", trigger(photon.newTopic("wait-here")));
        var deployed = photon.readAll(TOPICS.functions()).stream()
                .filter(state -> new String(state.key(), UTF_8).equals("version/waits/1.0.0"))
                .toList()
                .getLast();
        var next = new ProducerRecord<>(
                TOPICS.functions(),
                "version/waits/1.0.1".getBytes(UTF_8),
                new String(deployed.value(), UTF_8)
                        .replace("1.0.0", "1.0.1")
                        .replace("wait-here", "photon.jobs")
                        .getBytes(UTF_8));
        deployed.headers().forEach(next.headers()::add);

        photon.send(next);

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(trigger("waits", 0).getString("topic")).isEqualTo("photon.jobs");
            assertThat(trigger("waits", 0).getString("problem")).contains("has not begun");
        });
    }

    @Test
    void aSeekOfSomePartitionsNeedsAPause() throws Exception {
        admin.createTopics(List.of(new NewTopic("halves", 2, (short) 1))).all().get();
        deploy("half", "1.0.0", trigger("halves") + "start = \"earliest\"\n");
        commit("half", "halves", 0, "");

        assertThat(seek("half", "halves", "{\"to\":{\"0\":0}}").statusCode()).isEqualTo(409);
        post("half/trigger/halves/pause");

        assertThat(seek("half", "halves", "{\"to\":{\"0\":0}}").statusCode()).isEqualTo(200);
    }

    @Test
    void theCommandLineDoesTheSame(@TempDir Path folder) throws Exception {
        publish(photon.newTopic("by-hand"), 2);
        deploy("typed", "1.0.0", trigger("by-hand"));
        var environment = Map.of("API_URL", photon.url("").toString(), "XDG_CONFIG_HOME", folder.toString());
        var faas = new Launcher(folder, environment);

        assertThat(faas.run("remote", "trigger", "list", "typed").output())
                .isEqualTo("typed  by-hand  1.0.0  running  0\n");
        assertThat(faas.run("remote", "trigger", "pause", "typed", "by-hand").exitCode())
                .isZero();
        assertThat(faas.run("remote", "trigger", "seek", "typed", "by-hand", "--offset", "0=1")
                        .exitCode())
                .isZero();
        var listed = faas.run("remote", "trigger", "list", "typed", "--output", "json");
        assertThat(new JsonArray(listed.output()).getJsonObject(0).getLong("lag"))
                .isEqualTo(1);
        assertThat(new JsonArray(listed.output()).getJsonObject(0).getBoolean("paused"))
                .isTrue();
        var unknown = faas.run("remote", "trigger", "resume", "typed", "other");
        assertThat(unknown.exitCode()).isEqualTo(4);
        assertThat(unknown.error()).contains("no trigger of the topic 'other'");
    }

    private static String trigger(String topic) {
        return "[[triggers]]\ntopic = \"" + topic + "\"\n";
    }

    private void deploy(String name, String version, String triggers) throws Exception {
        var answer = photon.deploy(guest("echo"), toml(name, version) + triggers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private void publish(String topic, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            photon.send(new ProducerRecord<>(topic, ("value " + i).getBytes(UTF_8)));
        }
    }

    /** As executors do. */
    private void commit(String function, String topic, long offset, String metadata) throws Exception {
        var commit = Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(offset, metadata));
        admin.alterConsumerGroupOffsets(TOPICS.triggerGroup(function, topic), commit)
                .all()
                .get();
    }

    private Set<String> groups() throws Exception {
        return admin.listGroups().all().get().stream()
                .map(GroupListing::groupId)
                .collect(Collectors.toSet());
    }

    private JsonObject trigger(String function, int index) throws Exception {
        return new JsonArray(
                        photon.get(API + "function/" + function + "/triggers").body())
                .getJsonObject(index);
    }

    private List<String> topicsOf(String function) throws Exception {
        return new JsonArray(
                        photon.get(API + "function/" + function + "/triggers").body())
                .stream()
                        .map(trigger -> ((JsonObject) trigger).getString("topic"))
                        .toList();
    }

    private static long start(JsonObject trigger) {
        return trigger.getJsonArray("partitions").getJsonObject(0).getLong("start");
    }

    private JsonObject metadata(String function) throws Exception {
        return new JsonObject(
                photon.get(API + "download/" + function + "?metaOnly=true").body());
    }

    private JsonObject post(String path) throws Exception {
        var answer = photon.post(API + "function/" + path, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private HttpResponse<String> seek(String body) throws Exception {
        return seek("seeks", "sought", body);
    }

    private HttpResponse<String> seek(String function, String topic, String body) throws Exception {
        return photon.put(API + "function/" + function + "/trigger/" + topic + "/position", body);
    }
}
