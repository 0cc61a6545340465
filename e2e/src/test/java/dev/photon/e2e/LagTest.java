package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Topics;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By the offsets alone, as any tool sees them: what is committed is the end exactly when there is nothing to do. */
class LagTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int PARTITIONS = 4;
    private static final String ENTRY = TOPICS.entry("local");

    private TestingKafka kafka;
    private Admin admin;

    @BeforeEach
    void start() throws Exception {
        kafka = TestingKafka.embedded();
        admin = new KafkaConnection(kafka.bootstrap()).admin();
    }

    @AfterEach
    void stop() {
        admin.close();
        kafka.close();
    }

    private interface Check {
        void run() throws Exception;
    }

    private void withAnExecutor(String protocol, Check check) throws Exception {
        var settings = Map.of("PHOTON_GROUP_PROTOCOL", protocol);
        var executor = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.EXECUTOR), settings);
        try {
            check.run();
        } finally {
            executor.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void partitionsThatWereNeverWrittenHaveACommit(String protocol) throws Exception {
        withAnExecutor(protocol, () -> {
            awaitNothingToDo(TOPICS.invocations());
            awaitNothingToDo(ENTRY);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void markersAndAbortedRecordsAtTheEndAreNoWork(String protocol) throws Exception {
        withAnExecutor(protocol, () -> {
            awaitNothingToDo(ENTRY);

            inTransactions();

            awaitNothingToDo(ENTRY);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void whatCameBeforeTheFirstExecutorIsWorkUntilItIsDone(String protocol) throws Exception {
        PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.REGISTRY), Map.of())
                .close();
        inTransactions();
        assertThat(lags(ENTRY)).isEmpty();

        withAnExecutor(protocol, () -> awaitNothingToDo(ENTRY));

        assertThat(lags(ENTRY)).allSatisfy((partition, lag) -> assertThat(lag).isZero());
    }

    /** Into one partition: a committed record and its marker, then two aborted ones and theirs. */
    private void inTransactions() throws Exception {
        var settings = Map.of("transactional.id", "publisher", "max.block.ms", "10000");
        try (var producer = new KafkaConnection(kafka.bootstrap()).producer("publisher", settings)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(event());
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(event());
            producer.send(event());
            producer.flush();
            producer.abortTransaction();
        }
        // The markers come a moment after the producer has its answer.
        await().atMost(PATIENCE).until(() -> ends(ENTRY).get(new TopicPartition(ENTRY, 0)) == 5);
    }

    private static ProducerRecord<byte[], byte[]> event() {
        var event = new ProducerRecord<>(ENTRY, 0, (byte[]) null, "event".getBytes(UTF_8));
        event.headers().add("ce_photonfunction", "nobody".getBytes(UTF_8));
        return event;
    }

    private void awaitNothingToDo(String topic) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lags(topic))
                        .hasSize(PARTITIONS)
                        .allSatisfy((partition, lag) -> assertThat(lag).isZero()));
    }

    /** Of the partitions that have a commit. */
    private Map<TopicPartition, Long> lags(String topic) throws Exception {
        var commits = admin.listConsumerGroupOffsets(Topics.executors(topic))
                .partitionsToOffsetAndMetadata()
                .get();
        var lags = new HashMap<>(ends(topic));
        lags.keySet().retainAll(commits.keySet());
        lags.replaceAll((partition, end) -> end - commits.get(partition).offset());
        return lags;
    }

    private Map<TopicPartition, Long> ends(String topic) throws Exception {
        var partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(number -> new TopicPartition(topic, number))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        var options = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        return admin.listOffsets(partitions, options).all().get().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, end -> end.getValue().offset()));
    }
}
