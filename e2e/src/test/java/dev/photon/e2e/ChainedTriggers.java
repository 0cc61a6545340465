package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.cli.Role;
import dev.photon.protocol.KafkaConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Three functions that pass on what they get, each to the topic of the next, run by executors that are processes of their
 * own:
 *
 * <pre>
 *   stage.0 ─► first ─► stage.1 ─► second ─► stage.2 ─► third ─► stage.3
 * </pre>
 */
final class ChainedTriggers implements AutoCloseable {
    private static final List<String> FUNCTIONS = List.of("first", "second", "third");
    private static final String STAGE = "stage.";
    private static final int KEYS = 50;

    private final Path cache;
    private final int window;
    private final TestingKafka kafka;
    private final PhotonTester photon;
    private int sent;

    private ChainedTriggers(Path cache, int window, TestingKafka kafka, PhotonTester photon) {
        this.cache = cache;
        this.window = window;
        this.kafka = kafka;
        this.photon = photon;
    }

    /**
     * Deploys them; there is no executor yet.
     *
     * @param window of the executors
     */
    static ChainedTriggers start(Path cache, String delivery, int partitions, int window) throws Exception {
        var kafka = TestingKafka.embedded();
        var photon = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.REGISTRY, Role.INGRESS), Map.of());
        try (var admin = new KafkaConnection(kafka.bootstrap()).admin()) {
            admin.createTopics(Stream.of(0, 1, 2, 3)
                            .map(stage -> new NewTopic(STAGE + stage, partitions, (short) 1))
                            .toList())
                    .all()
                    .get();
        }
        for (int stage = 0; stage < FUNCTIONS.size(); stage++) {
            var answer = photon.deploy(
                    guest("handler-echo"),
                    toml(FUNCTIONS.get(stage), "1.0.0")
                            + "[[triggers]]%ntopic = \"%s%d\"%noutput = \"%s%d\"%ndelivery = \"%s\"%n"
                                    .formatted(STAGE, stage, STAGE, stage + 1, delivery));
            if (answer.statusCode() != 200) {
                throw new AssertionError(answer.body());
            }
        }
        return new ChainedTriggers(cache, window, kafka, photon);
    }

    ChildProcess executor() throws IOException {
        return ChildProcess.faas(
                Map.of("PHOTON_CACHE", cache.toString(), "PHOTON_WINDOW", Integer.toString(window)),
                "executor",
                "--bootstrap",
                kafka.bootstrap());
    }

    /** Publishes so many more: of each key the numbers from 0 on. */
    void publish(int records) {
        try (var producer = new KafkaConnection(kafka.bootstrap()).producer("test", Map.of("max.block.ms", "5000"))) {
            for (int record = 0; record < records; record++, sent++) {
                var key = "key" + sent % KEYS;
                producer.send(new ProducerRecord<>(
                        STAGE + 0,
                        key.getBytes(UTF_8),
                        Integer.toString(sent / KEYS).getBytes(UTF_8)));
            }
            producer.flush();
        }
    }

    /**
     * Whether all has come out, and nobody says that something is left to be done; a topic's end may be a transaction's
     * marker. What a dead executor's transaction hides is not told of, until it is aborted.
     */
    boolean isDone() throws Exception {
        return isIdle() && results().values().stream().mapToInt(List::size).sum() >= sent;
    }

    private boolean isIdle() throws Exception {
        for (var function : FUNCTIONS) {
            var answer = photon.get("/api/faas/v1/function/" + function + "/triggers");
            if (!answer.body().contains("\"lag\":0")) {
                return false;
            }
        }
        return true;
    }

    /** What came out at the end and is committed: the numbers of each key in the order of their coming. */
    Map<String, List<Integer>> results() {
        var results = new TreeMap<String, List<Integer>>();
        for (var result : photon.readAll(STAGE + FUNCTIONS.size())) {
            results.computeIfAbsent(new String(result.key(), UTF_8), key -> new ArrayList<>())
                    .add(Integer.parseInt(new String(result.value(), UTF_8)));
        }
        return results;
    }

    /** What should come out, once each. */
    Map<String, List<Integer>> wanted() {
        var wanted = new TreeMap<String, List<Integer>>();
        for (int record = 0; record < sent; record++) {
            wanted.computeIfAbsent("key" + record % KEYS, key -> new ArrayList<>())
                    .add(record / KEYS);
        }
        return wanted;
    }

    @Override
    public void close() throws IOException {
        photon.close();
        kafka.close();
    }
}
