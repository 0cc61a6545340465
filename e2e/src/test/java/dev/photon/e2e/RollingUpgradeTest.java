package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.photon.protocol.KafkaConnection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An earlier build and this one in one region, as a rolling upgrade has them, and going back. {@code
 * e2e/rolling-upgrade.sh} makes the earlier one.
 */
class RollingUpgradeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CALLERS = 4;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, ChildProcess> running = new ConcurrentHashMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answers = new AtomicInteger();
    private Path previous;
    private TestingKafka kafka;
    private int deployed;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        var checkout = System.getenv("TEST_PREVIOUS");
        assumeTrue(checkout != null, "TEST_PREVIOUS does not say where an earlier build is");
        previous = Path.of(checkout, "faas");
        kafka = TestingKafka.embedded();
    }

    @AfterEach
    void stop() {
        running.values().forEach(ChildProcess::close);
        if (kafka != null) {
            kafka.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"registry executor ingress", "ingress executor registry", "executor registry ingress"})
    void noCallFailsWhileOneRoleAfterTheOtherIsReplacedAndWhileTheyAreTakenBack(String order) throws Exception {
        var roles = List.of(order.split(" ", -1));
        for (var role : List.of("registry", "executor", "ingress")) {
            running.put(role, start(previous, role));
        }
        deployAndCall();
        var over = new CountDownLatch(1);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CALLERS; i++) {
                callers.execute(() -> call(over));
            }
            try {
                for (var build : List.of(Launcher.FAAS, previous)) {
                    for (var role : roles) {
                        replace(role, build);
                        deployAndCall();
                        awaitAnswers();
                    }
                }
            } finally {
                over.countDown();
            }
        }
        assertThat(failures).isEmpty();
    }

    private ChildProcess start(Path faas, String role) throws IOException {
        var environment = Map.of(
                "PHOTON_CACHE", folder.resolve(role + running.size() + deployed).toString(),
                "PHOTON_PORT", "0",
                "PHOTON_PARTITIONS", "4");
        return ChildProcess.start(environment, List.of(faas.toString(), role, "--bootstrap", kafka.bootstrap()));
    }

    /** The new one serves before the old one is told to end. */
    private void replace(String role, Path build) throws Exception {
        var next = start(build, role);
        try (var before = running.put(role, next)) {
            assertThat(before.stop()).isTrue();
        }
    }

    private URI url(String path) {
        var ready = running.get("ingress").ready().split(" ", -1);
        return URI.create(ready[2] + path);
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(url(path))
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** By whichever registry is there, and for whichever executor. */
    private void deployAndCall() throws Exception {
        deployed++;
        var version = "1.0." + deployed;
        var record = new ProducerRecord<>(TOPICS.deployments(), "echo".getBytes(UTF_8), guest("echo"));
        record.headers().add("toml", toml("echo", version).getBytes(UTF_8));
        try (var producer = new KafkaConnection(kafka.bootstrap()).producer("test", Map.of())) {
            producer.send(record).get();
        }
        await().atMost(PATIENCE)
                .until(() -> post("/api/faas/v1/execute/echo/" + version, "new")
                        .body()
                        .equals("new"));
    }

    private void awaitAnswers() {
        var enough = answers.get() + 50;
        await().atMost(PATIENCE).until(() -> answers.get() >= enough || !failures.isEmpty());
    }

    private void call(CountDownLatch over) {
        for (int number = 0; over.getCount() > 0; number++) {
            var body = "call " + number;
            try {
                var answer = post("/fn/echo", body);
                if (answer.statusCode() == 200 && answer.body().equals(body)) {
                    answers.incrementAndGet();
                } else {
                    failures.add(answer.statusCode() + " " + answer.body());
                }
            } catch (IOException e) {
                failures.add(e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
