package dev.photon.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.photon.protocol.Digest;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Settings;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a view that reads what was written, and topics, groups and time that are made up. */
class TriggerFollowUpTest {
    private static final RegionConfig REGION =
            RegionConfig.read(new Settings(Map.of("PHOTON_REGION", "here", "PHOTON_BOOTSTRAP", "127.0.0.1:1")::get));
    private static final Digest DIGEST = Digest.of(new byte[] {1});

    /** Further than anything that is written here. */
    private static final long READ = 1_000_000;

    private final FunctionView view = new FunctionView(REGION, "test");
    private final MockProducer<byte[], byte[]> producer = new MockProducer<>(
            cluster(REGION.topics().functions()), true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final TestingTopics topics = new TestingTopics();
    private long nanos;
    private final TriggerFollowUp followUp = new TriggerFollowUp(
            view,
            new DecisionLog(producer, REGION, view, Clock.systemUTC()),
            new TriggerDecider(REGION, view, topics, Clock.systemUTC()),
            new TriggerGroups(new TestingGroups(() -> nanos), REGION.topics(), () -> nanos),
            REGION.topics(),
            () -> nanos);

    @BeforeEach
    void begin() {
        producer.initTransactions();
        view.read("here", List.of(), READ);
    }

    @AfterEach
    void close() {
        view.close();
    }

    @Test
    void aTopicThatCannotBeReadIsTriedAgainAndKeepsNoOtherFromBeginning() throws Exception {
        topics.put("orders", 0, 3).put("bills", 0, 4).unread("orders");
        read(triggered("f", "orders", "bills"));

        lookAfter(Duration.ofSeconds(2));
        assertThat(view.positions().all()).extracting(TriggerPosition::topic).containsExactly("bills");
        lookAfter(Duration.ofSeconds(30));
        assertThat(topics.questions).isEqualTo(1);

        topics.readable("orders");
        lookAfter(Duration.ofSeconds(31));

        assertThat(view.positions().all()).extracting(TriggerPosition::topic).containsExactly("bills", "orders");
    }

    /** Brokers that do not answer let every question wait. */
    @Test
    void theTopicsOfAllFunctionsAreAskedForAtOnce() throws Exception {
        for (int i = 0; i < 20; i++) {
            topics.put("orders" + i, 0, i);
            read(triggered("f" + i, "orders" + i));
        }

        lookAfter(Duration.ofSeconds(2));

        assertThat(view.positions().all()).hasSize(20);
        assertThat(topics.questions).isEqualTo(1);
    }

    @Test
    void whatIsFinishedIsRememberedInSlices() throws Exception {
        settle(250);

        lookAfter(Duration.ofHours(1));

        assertThat(view.positions().all())
                .allSatisfy(position -> assertThat(position.start(0)).isEqualTo(9));
        assertThat(producer.commitCount()).isEqualTo(3);
    }

    /** Whoever was replaced must not go on. */
    @Test
    void aRegistryThatWasReplacedLearnsOfItWhenItRemembers() throws Exception {
        settle(1);
        producer.fenceProducer();

        assertThatExceptionOfType(ProducerFencedException.class).isThrownBy(() -> lookAfter(Duration.ofHours(1)));
    }

    @Test
    void whatCannotBeReadIsRememberedLater() throws Exception {
        settle(1);
        topics.groupsAreListed = false;
        lookAfter(Duration.ofHours(1));
        assertThat(producer.commitCount()).isZero();

        topics.groupsAreListed = true;
        lookAfter(Duration.ofHours(1));

        assertThat(producer.commitCount()).isEqualTo(1);
    }

    /** Functions that have begun to read, and finished some. */
    private void settle(int functions) {
        topics.commits.put(0, 9L);
        for (int i = 0; i < functions; i++) {
            read(triggered("f" + i, "orders"));
            read(new State.Triggered(new TriggerPosition("f" + i, "orders", 1, List.of(7L), true)));
        }
    }

    private void lookAfter(Duration time) throws InterruptedException {
        nanos += time.toNanos();
        followUp.look();
        var written = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        producer.history().forEach(sent -> written.add(received(sent)));
        view.read("here", written, READ);
    }

    private static State triggered(String function, String... topics) {
        var rules = Arrays.stream(topics).map(Generated::rule).toList();
        return new State.Version(Generated.triggered(function, "1.0.0", DIGEST, rules));
    }

    private void read(State state) {
        var sent = StateCodec.encode(REGION.topics().functions(), Generated.written(state));
        view.read("here", List.of(received(sent)), READ);
    }

    private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> sent) {
        var received = new ConsumerRecord<>(sent.topic(), 0, 0, sent.key(), sent.value());
        sent.headers().forEach(received.headers()::add);
        return received;
    }

    private static Cluster cluster(String topic) {
        var partition = new PartitionInfo(topic, 0, Node.noNode(), new Node[0], new Node[0]);
        return new Cluster("test", List.of(), List.of(partition), Set.of(), Set.of());
    }
}
