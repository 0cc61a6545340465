package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** What a region tells those who watch it. */
class MonitoringTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Path FILES = Path.of(System.getProperty("photon.root", ".."), "k8s", "monitoring");
    /** What Prometheus adds to every sample: where it comes from. */
    private static final Set<String> LABELS_OF_PROMETHEUS = Set.of("instance");
    /** One more than are called before the tests. */
    private static final int OWN_SERIES = 4;

    /** Of which the other one does not answer. */
    private static final String REGIONS = "local 127.0.0.1:1 http://127.0.0.1:1; far 127.0.0.1:1 http://127.0.0.1:1";

    private static TestingKafka kafka;
    private static PhotonTester photon;

    @BeforeAll
    static void callAHandfulOfFunctions() throws Exception {
        kafka = TestingKafka.embedded();
        photon = PhotonTester.start(
                kafka.bootstrap(),
                EnumSet.allOf(Role.class),
                Map.of(
                        "PHOTON_METRICS_FUNCTIONS",
                        Integer.toString(OWN_SERIES),
                        "PHOTON_REGIONS",
                        REGIONS,
                        "PHOTON_SCALER_PORT",
                        "0"));
        photon.newTopic("orders");
        photon.deployGuest("echo");
        photon.deployGuest("trap", "[[triggers]]\ntopic = \"orders\"\n");
        photon.deployGuest("handler-counter");
        for (var function : List.of("echo", "trap", "handler-counter")) {
            photon.post("/fn/" + function, "hello");
        }
        // Pauses are not told before there was one.
        System.gc();
        await().atMost(PATIENCE).until(() -> photon.metric("jvm_gc_pause_seconds_count") > 0);
        for (var known : List.of(
                "photon_executor_lag\\{.*} 0\\.0",
                "photon_scaler_lag\\{.*} 0\\.0",
                "photon_executor_trigger_dead_letters_total\\{.*")) {
            await().atMost(PATIENCE).until(() -> samples().stream().anyMatch(line -> line.matches(known)));
        }
    }

    @AfterAll
    static void stop() throws IOException {
        photon.close();
        kafka.close();
    }

    // The files for operators

    @Test
    void theDashboardShowsOnlyWhatIsExported() throws Exception {
        var expressions = dashboard();

        assertThat(expressions).hasSizeGreaterThan(50);
        assertNamesAreExported(expressions);
    }

    @Test
    void theAlertsWatchOnlyWhatIsExported() throws Exception {
        var expressions =
                alerts().stream().map(alert -> (String) alert.get("expr")).toList();

        assertThat(expressions).hasSizeGreaterThan(15);
        assertNamesAreExported(expressions);
    }

    @Test
    void aMisspeltNameIsFound() throws Exception {
        assertThat(notExported(List.of("sum(rate(photon_ingres_requests_seconds_count[5m]))"), samples()))
                .containsExactly("photon_ingres_requests_seconds_count");
        assertThat(notExported(List.of("sum by (functoin) (photon_ingress_ready)"), samples()))
                .containsExactly("functoin");
    }

    @Test
    void everyAlertIsExplained() throws Exception {
        var explained = Files.readString(FILES.resolve("README.md"));

        for (var alert : alerts()) {
            assertThat(explained).contains("`" + alert.get("alert") + "`");
        }
    }

    private static void assertNamesAreExported(List<String> expressions) throws Exception {
        assertThat(notExported(expressions, samples())).isEmpty();
    }

    /** Names and labels that no sample has. */
    private static Set<String> notExported(List<String> expressions, List<String> samples) {
        var known = new TreeSet<>(LABELS_OF_PROMETHEUS);
        var name = Pattern.compile("^[\\w:]+");
        var label = Pattern.compile("[{,](\\w+)=\"");
        for (var sample : samples) {
            name.matcher(sample).results().forEach(match -> known.add(match.group()));
            label.matcher(sample).results().forEach(match -> known.add(match.group(1)));
        }
        var unknown = new TreeSet<String>();
        for (var expression : expressions) {
            var mentioned = PromQl.of(expression);
            assertThat(mentioned.metrics()).as(expression).isNotEmpty();
            unknown.addAll(mentioned.metrics());
            unknown.addAll(mentioned.labels());
        }
        unknown.removeAll(known);
        return unknown;
    }

    private static List<String> dashboard() throws IOException {
        var file = new JsonObject(Files.readString(FILES.resolve("dashboard.json")));
        var expressions = new ArrayList<String>();
        for (var panel : file.getJsonArray("panels")) {
            for (var target : ((JsonObject) panel).getJsonArray("targets", new JsonArray())) {
                expressions.add(((JsonObject) target).getString("expr"));
            }
        }
        for (var variable : file.getJsonObject("templating").getJsonArray("list")) {
            if (((JsonObject) variable).getString("type").equals("query")) {
                expressions.add(((JsonObject) variable).getString("definition"));
            }
        }
        return expressions;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> alerts() throws IOException {
        Map<String, Object> file = new Yaml().load(Files.readString(FILES.resolve("rules.yaml")));
        var groups = (List<Map<String, Object>>) ((Map<String, Object>) file.get("spec")).get("groups");
        return groups.stream()
                .flatMap(group -> ((List<Map<String, Object>>) group.get("rules")).stream())
                .toList();
    }

    private static List<String> samples() throws Exception {
        return photon.get("/metrics")
                .body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    // What is counted

    @Test
    void countsACallWhereItIsAnsweredAndWhereItRuns() throws Exception {
        var echo = "{function=\"echo\",version=\"1.0.0\"";

        assertThat(photon.metric("photon_ingress_requests_seconds_count" + echo))
                .isEqualTo(1);
        assertThat(photon.metric("photon_ingress_responses_total{function=\"echo\",status=\"2xx\""))
                .isEqualTo(1);
        assertThat(photon.metric("photon_ingress_request_bytes_total" + echo)).isEqualTo(5);
        assertThat(photon.metric("photon_ingress_response_bytes_total" + echo)).isEqualTo(5);
        assertThat(photon.metric("photon_ingress_in_flight" + echo)).isZero();
        assertThat(photon.metric("photon_executor_runs_seconds_count" + echo)).isEqualTo(1);
        assertThat(photon.metric("photon_executor_queued_seconds_count" + echo)).isEqualTo(1);
        assertThat(photon.metric("photon_executor_cold_starts_seconds_count" + echo))
                .isEqualTo(1);
        assertThat(photon.metric("photon_executor_request_bytes_total" + echo)).isEqualTo(5);
        assertThat(photon.metric("photon_executor_answer_bytes_total" + echo)).isEqualTo(5);
        assertThat(photon.metric("photon_executor_in_flight" + echo)).isZero();
        assertThat(samples())
                .anyMatch(line -> line.startsWith("photon_executor_runs_seconds_bucket" + echo + ",le=\"30.0\"} 1"));
    }

    @Test
    void countsFailuresByKind() throws Exception {
        var failed = "{function=\"trap\",kind=\"function-failed\",version=\"1.0.0\"}";

        assertThat(photon.metric("photon_ingress_failures_total" + failed)).isEqualTo(1);
        assertThat(photon.metric("photon_ingress_responses_total{function=\"trap\",status=\"5xx\""))
                .isEqualTo(1);
        assertThat(photon.metric("photon_executor_failures_total" + failed)).isEqualTo(1);
    }

    @Test
    void countsTheInstancesOfAHandlerThatWait() throws Exception {
        photon.post("/fn/handler-counter", "");

        assertThat(photon.metric("photon_executor_instances_warm{function=\"handler-counter\""))
                .isEqualTo(1);
    }

    @Test
    void namesThatStrangersMakeUpAreNotToldOn() throws Exception {
        photon.get("/fn/made-up");
        photon.get("/api/faas/v1/execute/echo/9.9.9");
        photon.send(event("made-up-too"));
        await().atMost(PATIENCE).until(() -> photon.metric("photon_executor_refused_total{kind=\"not-found\"}") == 1);

        assertThat(photon.metric("photon_ingress_refused_total{kind=\"not-found\"}"))
                .isGreaterThanOrEqualTo(2);
        assertThat(samples()).noneMatch(line -> line.contains("made-up") || line.contains("9.9.9"));
    }

    @Test
    void aDeletedFunctionLosesItsSeries() throws Exception {
        photon.deploy(guest("echo"), toml("gone", "1.0.0"));
        photon.post("/fn/gone", "hello");
        assertThat(photon.metric("photon_ingress_requests_seconds_count{function=\"gone\""))
                .isEqualTo(1);
        assertThat(photon.metric("photon_executor_runs_seconds_count{function=\"gone\""))
                .isEqualTo(1);

        photon.delete("/api/faas/v1/function/gone");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(samples()).noneMatch(line -> line.contains("function=\"gone\"")));
    }

    @Test
    void functionsBeyondTheLimitAreMeasuredTogether() throws Exception {
        var together = "photon_ingress_requests_seconds_count{function=\"other\",version=\"\"}";
        var before = photon.metric(together);
        for (var function : List.of("many-1", "many-2", "many-3")) {
            photon.deploy(guest("echo"), toml(function, "1.0.0"));
            photon.post("/fn/" + function, "hello");
        }

        assertThat(photon.metric(together)).isGreaterThanOrEqualTo(before + 2);
        assertThat(samples().stream().filter(line -> line.startsWith("photon_executor_runs_seconds_count{")))
                .hasSizeLessThanOrEqualTo(OWN_SERIES + 1);

        for (var function : List.of("many-1", "many-2", "many-3")) {
            photon.delete("/api/faas/v1/function/" + function);
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(samples()).noneMatch(line -> line.contains("\"many-")));
    }

    // Where it is told

    @Test
    void listensNowhereElseUnlessAsked() {
        assertThat(photon.monitorUrl()).isEmpty();
    }

    @Test
    void rolesWithoutHttpTellHowTheyAreOnAPortOfTheirOwn() throws Exception {
        var port = Map.of("PHOTON_METRICS_PORT", "0");
        try (var executor = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.EXECUTOR), port);
                var standby = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.REGISTRY), port)) {
            assertThat(executor.monitor("/ready").statusCode()).isEqualTo(200);
            assertThat(executor.monitor("/health").statusCode()).isEqualTo(200);
            assertThat(executor.monitor("/metrics").body()).contains("photon_executor_ready 1.0");
            await().atMost(PATIENCE).until(() -> standby.monitor("/ready").statusCode() == 200);
            assertThat(standby.monitor("/metrics").body())
                    .contains(
                            "photon_registry_ready 1.0", "photon_registry_active 0.0", "photon_registry_position NaN");
        }
    }

    /** Which is not the same as nothing to be copied. */
    @Test
    void howFarTheCopyIsOfARegionThatDoesNotAnswerIsNotKnown() throws Exception {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(samples())
                        .contains("photon_replicator_lag{origin=\"far\"} NaN", "photon_replicator_ready 1.0"));
    }

    // What waits

    /** A consumer asks for nothing of a partition that is paused, and knows nothing of what comes. */
    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void countsWhatWaitsBehindAFullWindow(String protocol) throws Exception {
        var narrow = Map.of(
                "PHOTON_WINDOW", "1",
                "PHOTON_PARTITIONS", "1",
                "PHOTON_DRAIN_MS", "0",
                "PHOTON_GROUP_PROTOCOL", protocol);
        try (var own = TestingKafka.embedded();
                var busy = PhotonTester.start(own.bootstrap(), EnumSet.allOf(Role.class), narrow)) {
            busy.deployGuest("sleep");
            busy.send(event("sleep"));
            var partition = "{partition=\"0\",topic=\"" + TOPICS.entry("local") + "\"}";
            await().atMost(PATIENCE).until(() -> busy.metric("photon_executor_unfinished" + partition) == 1);
            for (int i = 0; i < 10; i++) {
                busy.send(event("sleep"));
            }

            await().atMost(PATIENCE).until(() -> busy.metric("photon_executor_lag" + partition) == 10);
            assertThat(busy.metric("photon_executor_in_flight{function=\"sleep\""))
                    .isEqualTo(1);
        }
    }

    private static ProducerRecord<byte[], byte[]> event(String function) {
        var event = new ProducerRecord<>(TOPICS.entry("local"), (byte[]) null, "event".getBytes(UTF_8));
        event.headers().add("ce_photonfunction", function.getBytes(UTF_8));
        return event;
    }
}
