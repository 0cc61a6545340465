package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.cli.RoleConfigs;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.TopicPlan;
import dev.photon.protocol.TopicSetup;
import dev.photon.protocol.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every role with a user, a way to log in, and rights of its own, on a broker that denies the rest; and a second region,
 * whose broker does, too.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecuredKafkaTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String REPLIES = "my.replies";
    private static final String ORDERS = "my.orders";
    private static final String DONE = "my.orders.done";
    private static final String PASSWORD = "correct horse battery staple";
    private static final String LOGS = "/api/faas/v1/logs";

    /** Who comes through which door. */
    private static final Map<String, String> DOORS = Map.of(
            "registry", "SASL_SSL",
            "executor", "SSL",
            "ingress", "SASL_SSL",
            "replicator", "SASL_SSL",
            "reader", "SASL_SSL",
            "deployer", "SSL",
            "publisher", "SASL_PLAINTEXT",
            "shop", "SASL_SSL");

    /** In the other region alone. */
    private static final String READER = "reader";

    private Path folder;
    private Rights rights;
    private TestingAuthority next;
    private SecuredKafka kafka;
    private SecuredKafka otherKafka;
    private PhotonTester otherPhoton;
    private PhotonTester replicator;
    private PhotonTester registry;
    private PhotonTester executor;
    private PhotonTester photon;

    @BeforeAll
    void start(@TempDir Path files) throws Exception {
        folder = files;
        rights = Rights.read();
        next = TestingAuthority.open(folder.resolve("next"));
        var authority = TestingAuthority.open(folder.resolve("first"));
        handOut(authority);
        kafka = new SecuredKafka(authority);
        otherKafka = new SecuredKafka(authority);
        createTopics(Topics.DEFAULT_PREFIX);
        try (var admin = kafka.administrator().admin()) {
            admin.createTopics(Stream.of(REPLIES, ORDERS, DONE)
                            .map(topic -> new NewTopic(topic, 1, (short) 1))
                            .toList())
                    .all()
                    .get();
        }
        for (var user : DOORS.keySet()) {
            if (!user.equals(READER)) {
                register(user);
                allow(user, rights.of(user).stream());
            }
        }
        letIn(READER);
        otherPhoton = PhotonTester.start(
                otherKafka.bootstrap(),
                EnumSet.of(Role.REGISTRY, Role.INGRESS),
                Map.of("PHOTON_REGION", "region-2", "PHOTON_REGIONS", regions()));
        registry = start(Role.REGISTRY, as("registry"));
        executor = start(Role.EXECUTOR, as("executor"));
        var ingress = as("ingress");
        ingress.put("PHOTON_SCALER_PORT", "0");
        photon = start(Role.INGRESS, ingress);
        photon.deployGuest("echo");
        replicator = start(Role.REPLICATOR, asReplicator());
    }

    /** To the other region. */
    private void letIn(String user) throws Exception {
        Files.writeString(folder.resolve(user + ".password"), PASSWORD);
        otherKafka.password(user, PASSWORD);
        otherKafka.allow(rights.of(user).stream()
                .map(right -> right.binding("User:" + user))
                .toList());
    }

    private String regions() {
        return "region-1 %s http://127.0.0.1:1; region-2 %s http://127.0.0.1:1"
                .formatted(kafka.address("SASL_SSL"), otherKafka.address("SASL_SSL"));
    }

    private Map<String, String> asReplicator() {
        var settings = as("replicator");
        settings.put("PHOTON_KAFKA_PROTOCOL_REGION_2", "sasl_ssl");
        settings.put("PHOTON_KAFKA_CA_REGION_2", folder.resolve("ca.crt").toString());
        settings.put("PHOTON_KAFKA_USER_REGION_2", READER);
        settings.put(
                "PHOTON_KAFKA_PASSWORD_FILE_REGION_2",
                folder.resolve(READER + ".password").toString());
        return settings;
    }

    /** As an operator does who lets no role create them. */
    private void createTopics(String prefix) throws InterruptedException {
        try (var admin = kafka.administrator().admin()) {
            TopicSetup.ensure(
                    admin,
                    new TopicPlan(new Topics(prefix), 2, (short) 1, List.of(), List.of("local"), List.of("region-2")));
        }
    }

    /** What clients of an authority are given, where they look for it. */
    private void handOut(TestingAuthority authority) throws Exception {
        copy(authority.certificate(), "ca.crt");
        for (var user : List.of("executor", "deployer")) {
            var pair = authority.sign(user);
            copy(pair.certificate(), user + ".crt");
            copy(pair.key(), user + ".key");
        }
    }

    private void copy(Path from, String to) throws IOException {
        Files.copy(from, folder.resolve(to), StandardCopyOption.REPLACE_EXISTING);
    }

    private void register(String user) throws Exception {
        kafka.password(user, PASSWORD);
        Files.writeString(folder.resolve(user + ".password"), PASSWORD + "\n");
    }

    private void allow(String user, Stream<Rights.Right> wanted) throws Exception {
        var name = DOORS.getOrDefault(user, "SASL_SSL").equals("SSL") ? "CN=" + user : user;
        kafka.allow(wanted.map(right -> right.binding("User:" + name)).toList());
    }

    private Map<String, String> as(String user) {
        return as(user, DOORS.getOrDefault(user, "SASL_SSL"));
    }

    private Map<String, String> as(String user, String door) {
        var settings = new HashMap<String, String>();
        settings.put("PHOTON_BOOTSTRAP", kafka.address(door));
        settings.put("PHOTON_REGION", "region-1");
        settings.put("PHOTON_REGIONS", regions());
        settings.put("PHOTON_PARTITIONS", "2");
        settings.put("PHOTON_KAFKA_PROTOCOL", door.toLowerCase(Locale.ROOT));
        if (!door.equals("SASL_PLAINTEXT")) {
            settings.put("PHOTON_KAFKA_CA", folder.resolve("ca.crt").toString());
        }
        if (door.equals("SSL")) {
            settings.put("PHOTON_KAFKA_CERT", folder.resolve(user + ".crt").toString());
            settings.put("PHOTON_KAFKA_KEY", folder.resolve(user + ".key").toString());
        } else {
            settings.put("PHOTON_KAFKA_USER", user);
            settings.put(
                    "PHOTON_KAFKA_PASSWORD_FILE",
                    folder.resolve(user + ".password").toString());
        }
        return settings;
    }

    private PhotonTester start(Role role, Map<String, String> settings) throws IOException, InterruptedException {
        return PhotonTester.start(kafka.bootstrap(), EnumSet.of(role), settings);
    }

    private static KafkaConnection connection(Map<String, String> settings) {
        return RoleConfigs.read(Map.of(), settings).region().kafka();
    }

    @AfterAll
    void stop() throws Exception {
        for (var started :
                new AutoCloseable[] {replicator, photon, executor, registry, otherPhoton, otherKafka, kafka}) {
            if (started != null) {
                started.close();
            }
        }
    }

    @Test
    void everyRoleWorksWithTheRightsOfTheTableAndNeedsThemAll() throws Exception {
        callWithALargeBody();
        callByAnEvent();
        deployALargeModuleOverKafka();
        deployASiteTwice();
        giveUpACall();
        askForAnAnswerLater();
        callWithAKey();
        runForARecordAndGiveAnotherUp();
        tryItAgainAndDropIt();
        replayIt();
        callWhatAnotherRegionDeployed();
        deployATriggerForAWhile();
        declareAnEntryTopicForAWhile();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                photon.get(LOGS + "?functionName=stderr").body())
                        .contains("\"fnName\":\"stderr\""));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(photon.usage().requests()).isPositive());
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(unused()).isEmpty());
        assertThat(WatchedAuthorizer.DENIED.stream()
                        .filter(use -> DOORS.containsKey(use.user()))
                        .toList())
                .isEmpty();
    }

    private void callWithALargeBody() throws Exception {
        var body = "x".repeat(2_000_000);
        assertThat(photon.post("/fn/echo", body).body()).isEqualTo(body);
        photon.deployGuest("stderr");
        photon.get("/fn/stderr");
    }

    private void callByAnEvent() throws Exception {
        callByAnEvent("publisher", "local");
    }

    private void callByAnEvent(String user, String entry) throws Exception {
        var publisher = connection(as(user));
        var event = new ProducerRecord<>(TOPICS.entry(entry), (byte[]) null, "an event".getBytes(UTF_8));
        event.headers()
                .add("ce_photonfunction", "echo".getBytes(UTF_8))
                .add("ce_photonreplytopic", REPLIES.getBytes(UTF_8))
                .add("ce_id", user.getBytes(UTF_8));
        try (var producer = publisher.producer(user, Map.of("max.block.ms", "5000"));
                var consumer = publisher.consumer(user, Map.of("auto.offset.reset", "earliest"))) {
            consumer.assign(List.of(new TopicPartition(REPLIES, 0)));
            producer.send(event).get();
            await().atMost(PATIENCE).until(() -> {
                for (var reply : consumer.poll(Duration.ofMillis(200))) {
                    if (new String(reply.key(), UTF_8).equals(user)) {
                        return true;
                    }
                }
                return false;
            });
        }
    }

    private void declareAnEntryTopicForAWhile() throws Exception {
        var declared = photon.put(
                "/api/faas/v1/entries/shop", "{\"functions\": [\"echo\"], \"replyTopics\": [\"" + REPLIES + "\"]}");
        assertThat(declared.statusCode()).as(declared.body()).isEqualTo(200);
        callByAnEvent("shop", "shop");
        assertThat(photon.delete("/api/faas/v1/entries/shop?purge=true").statusCode())
                .isEqualTo(200);
        try (var admin = kafka.administrator().admin()) {
            await().atMost(PATIENCE)
                    .until(() -> admin.listGroups().all().get().stream()
                            .noneMatch(listed -> listed.groupId().startsWith(TOPICS.entry("shop"))));
        }
    }

    private void runForARecordAndGiveAnotherUp() throws Exception {
        photon.deploy(
                guest("echo"),
                toml("orders", "1.0.0")
                        + "[[triggers]]%ntopic = \"%s\"%noutput = \"%s\"%ndelivery = \"exactly-once\"%n"
                                .formatted(ORDERS, DONE));
        var broken = new ProducerRecord<>(ORDERS, (byte[]) null, "no event".getBytes(UTF_8));
        broken.headers().add("content-type", "application/cloudevents+json".getBytes(UTF_8));
        var administrator = kafka.administrator();
        var earliest = Map.of("auto.offset.reset", "earliest");
        try (var producer = administrator.producer("administrator", Map.of("max.block.ms", "5000"));
                var consumer = administrator.consumer("administrator", earliest)) {
            producer.send(new ProducerRecord<>(ORDERS, "an order".getBytes(UTF_8)))
                    .get();
            producer.send(broken).get();
            for (var topic : List.of(DONE, TOPICS.deadLetters())) {
                consumer.assign(consumer.partitionsFor(topic).stream()
                        .map(partition -> new TopicPartition(topic, partition.partition()))
                        .toList());
                await().atMost(PATIENCE)
                        .until(() -> consumer.poll(Duration.ofMillis(200)).count() == 1);
            }
        }
    }

    private void tryItAgainAndDropIt() throws Exception {
        assertThat(photon.post("/api/faas/v1/dead-letters/orders/redrive", "").body())
                .contains("\"redriven\":1");
        assertThat(photon.delete("/api/faas/v1/dead-letters/orders").body()).contains("\"dropped\":1");
    }

    private void replayIt() throws Exception {
        var wish =
                "{\"from\": \"2020-01-01T00:00:00Z\", \"trigger\": \"%s\", \"sink\": \"%s\"}".formatted(ORDERS, DONE);
        assertThat(photon.post("/api/faas/v1/function/orders/replay", wish).body())
                .contains("\"records\":2", "\"same\":1", "\"malformed\":1", "\"published\":1");
    }

    private void deployALargeModuleOverKafka() throws Exception {
        var work = Files.createDirectories(folder.resolve("large"));
        Files.write(work.resolve("large.wasm"), PhotonTester.padded(guest("echo"), 1_000_000));
        Files.writeString(work.resolve("photoniq.toml"), toml("large", "1.0.0"));
        var settings = as("deployer");

        var deployed =
                new Launcher(work, settings).run("remote", "deploy", "--bootstrap", settings.get("PHOTON_BOOTSTRAP"));

        assertThat(deployed.exitCode()).isZero();
        assertThat(photon.post("/fn/large", "by a deployer").body()).isEqualTo("by a deployer");
    }

    private void deployASiteTwice() throws Exception {
        var site = TestingSite.empty().with("index.html", "home").with("big.html", "x".repeat(2_000_000));
        assertThat(photon.deploy(site, toml("site", "1.0.0")).statusCode()).isEqualTo(200);
        assertThat(photon.deploy(site.with("index.html", "new"), toml("site", "1.1.0"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(photon.get("/fn/site/").body()).isEqualTo("new");
    }

    private void giveUpACall() throws Exception {
        photon.deployGuest("drip", "[runtime]\nmax_concurrency = 1\n");
        var request = "POST /fn/drip HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 4\r\n\r\nloop";
        try (var client =
                new Socket(InetAddress.getLoopbackAddress(), photon.url("").getPort())) {
            client.getOutputStream().write(request.getBytes(UTF_8));
            assertThat(client.getInputStream().read()).isEqualTo('H');
        }
        assertThat(photon.post("/fn/drip", "end").statusCode()).isEqualTo(200);
    }

    private void askForAnAnswerLater() throws Exception {
        var request = HttpRequest.newBuilder(photon.url("/fn/echo"))
                .header("prefer", "respond-async")
                .POST(HttpRequest.BodyPublishers.ofString("later"))
                .build();
        var accepted = photon.http().send(request, HttpResponse.BodyHandlers.ofString());
        var place = accepted.headers().firstValue("location").orElseThrow();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(photon.get(place).body()).isEqualTo("later"));
    }

    private void callWithAKey() throws Exception {
        var request = HttpRequest.newBuilder(photon.url("/fn/echo"))
                .header("idempotency-key", "once")
                .POST(HttpRequest.BodyPublishers.ofString("once"))
                .build();
        for (int time = 0; time < 2; time++) {
            assertThat(photon.http()
                            .send(request, HttpResponse.BodyHandlers.ofString())
                            .body())
                    .isEqualTo("once");
        }
    }

    private void callWhatAnotherRegionDeployed() throws Exception {
        var module = PhotonTester.padded(guest("echo"), 700_000);
        assertThat(otherPhoton.deploy(module, toml("far", "1.0.0")).statusCode())
                .isEqualTo(200);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(photon.post("/fn/far", "from afar").body()).isEqualTo("from afar"));
    }

    private void deployATriggerForAWhile() throws Exception {
        var group = TOPICS.triggerGroup("sum", ORDERS);
        try (var admin = kafka.administrator().admin()) {
            // As executors leave it, who may not be quick enough to join.
            admin.alterConsumerGroupOffsets(group, Map.of(new TopicPartition(ORDERS, 0), new OffsetAndMetadata(0)))
                    .all()
                    .get();
            photon.deployGuest("sum", "[[triggers]]\ntopic = \"" + ORDERS + "\"\n");
            assertThat(photon.get("/api/faas/v1/function/sum/triggers").body()).contains("\"lag\":0");
            assertThat(photon.delete("/api/faas/v1/function/sum").statusCode()).isEqualTo(200);
            await().atMost(PATIENCE)
                    .until(() -> admin.listGroups().all().get().stream()
                            .noneMatch(listed -> listed.groupId().equals(group)));
        }
        var denied = photon.deploy(guest("sum"), toml("denied", "1.0.0") + "[[triggers]]\ntopic = \"hidden\"\n");
        assertThat(denied.statusCode()).isEqualTo(400);
        assertThat(denied.body()).contains("the registry may not Describe the topic 'hidden'");
        WatchedAuthorizer.DENIED.removeIf(use -> use.name().equals("hidden"));
    }

    private List<Rights.Right> unused() {
        return rights.all().stream()
                .filter(right -> WatchedAuthorizer.ALLOWED.stream().noneMatch(right::covers))
                .toList();
    }

    @Test
    void aRightThatIsMissingEndsTheStartWithItsReason() throws Exception {
        register("stranger");
        failsToStart(Role.EXECUTOR, as("stranger"), "topic photon.invocations is not there, or hidden from us");

        allow("stranger", rightsOf("executor", right -> right.operation() == AclOperation.DESCRIBE));
        failsToStart(
                Role.EXECUTOR,
                as("stranger"),
                "topic photon.logs has a policy that we may not see: allow us to DescribeConfigs");

        allow("stranger", rightsOf("executor", right -> right.operation() != AclOperation.READ));
        failsToStart(
                Role.EXECUTOR,
                as("stranger"),
                "Kafka at %s (sasl_ssl) denies a right to user 'stranger': Not authorized to access topics:"
                        .formatted(kafka.address("SASL_SSL")));

        allow("stranger", rightsOf("executor", right -> right.resource().resourceType() == ResourceType.TOPIC));
        failsToStart(
                Role.EXECUTOR,
                as("stranger"),
                "denies a right to user 'stranger': Not authorized to access group: photon.");
    }

    private Stream<Rights.Right> rightsOf(String user, Predicate<Rights.Right> which) {
        return rights.of(user).stream().filter(which);
    }

    /** A new rule takes a moment. */
    private void failsToStart(Role role, Map<String, String> settings, String reason) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(() -> start(role, settings))
                        .hasMessageContaining(reason)
                        .message()
                        .doesNotContain(PASSWORD));
    }

    @Test
    void anExecutorThatMayNotConfigureItsGroupTakesTheClassicProtocol() throws Exception {
        createTopics("other");
        register("modest");
        kafka.allow(rightsOf("executor", right -> right.operation() != AclOperation.ALTER_CONFIGS)
                .map(right -> right.binding("User:modest"))
                .map(SecuredKafkaTest::ofTheOtherRegion)
                .toList());
        var settings = as("modest");
        settings.put("PHOTON_TOPIC_PREFIX", "other");

        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            start(Role.EXECUTOR, settings).close();
            return true;
        });

        var group = "other.invocations.executors";
        try (var admin = kafka.administrator().admin()) {
            var described =
                    admin.describeConsumerGroups(List.of(group)).all().get().get(group);
            assertThat(described.type()).isEqualTo(GroupType.CLASSIC);
        }
    }

    private static AclBinding ofTheOtherRegion(AclBinding right) {
        var of = right.pattern();
        return new AclBinding(
                new ResourcePattern(of.resourceType(), of.name().replace("photon", "other"), of.patternType()),
                right.entry());
    }

    @Test
    void whoIsNotLetInIsToldSoWithoutThePassword() throws Exception {
        Files.writeString(folder.resolve("nobody.password"), PASSWORD);
        failsToStart(
                Role.INGRESS,
                as("nobody"),
                "Kafka at %s (sasl_ssl) does not let in user 'nobody': Authentication failed"
                        .formatted(kafka.address("SASL_SSL")));
        var distrusting = as("registry");
        distrusting.put("PHOTON_KAFKA_CA", next.certificate().toString());
        failsToStart(
                Role.REGISTRY,
                distrusting,
                "TLS with Kafka at %s (sasl_ssl) fails: (bad_certificate) PKIX path validation failed"
                        .formatted(kafka.address("SASL_SSL")));
        var anonymous = as("executor");
        anonymous.keySet().removeAll(Set.of("PHOTON_KAFKA_CERT", "PHOTON_KAFKA_KEY"));
        failsToStart(Role.EXECUTOR, anonymous, "TLS with Kafka at %s (ssl) fails".formatted(kafka.address("SSL")));

        var work = Files.createDirectories(folder.resolve("refused"));
        Files.write(work.resolve("echo.wasm"), guest("echo"));
        Files.writeString(work.resolve("photoniq.toml"), toml("echo", "1.0.0"));
        var settings = as("nobody");
        var refused =
                new Launcher(work, settings).run("remote", "deploy", "--bootstrap", settings.get("PHOTON_BOOTSTRAP"));
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.error()
                        .lines()
                        .filter(line -> line.startsWith("faas: "))
                        .collect(joining()))
                .startsWith("faas: Kafka at %s (sasl_ssl) does not let in user 'nobody'"
                        .formatted(settings.get("PHOTON_BOOTSTRAP")));
        assertThat(refused.error()).doesNotContain(PASSWORD);
    }

    @Test
    void aPasswordThatIsChangedIsTakenFromItsFile() throws Exception {
        assertThat(photon.get(LOGS).statusCode()).isEqualTo(200);

        kafka.password("ingress", "another");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(photon.get(LOGS).statusCode()).isEqualTo(503));
        Files.writeString(folder.resolve("ingress.password"), "another");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(photon.get(LOGS).statusCode()).isEqualTo(200));
    }

    /** Who reads logs, or a function for the first time, does so over a new connection. */
    @Test
    void certificatesOfANewAuthorityAreTakenFromTheirFiles() throws Exception {
        assertThat(photon.get(LOGS).statusCode()).isEqualTo(200);

        kafka.follow(next);
        otherKafka.follow(next);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(photon.get(LOGS).statusCode()).isEqualTo(503));
        assertThat(photon.post("/fn/echo", "over an old connection").body()).isEqualTo("over an old connection");
        handOut(next);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(photon.get(LOGS).statusCode()).isEqualTo(200));
        photon.deployGuest("status");
        assertThat(photon.get("/fn/status").statusCode()).isPositive();
        assertThat(photon.post("/fn/echo", "afterwards").body()).isEqualTo("afterwards");
    }
}
