package dev.photon.executor;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class EntryLaneTest {
    private static final long MOST_BYTES = 100;
    private static final TopicPartition PARTITION = new TopicPartition("photon.in.shop", 0);

    private long nanos;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<Intake.Owned> accepted = new ArrayList<>();
    private final List<Long> offsets = new ArrayList<>();

    private EntryLanes lanes(int window, int rate, int burst) {
        var intake = new Intake() {
            @Override
            public void accept(ConsumerRecord<byte[], byte[]> source, Owned work) {
                accepted.add(work);
                offsets.add(source.offset());
            }
        };
        var meters = new EntryMeters(registry, Tags.of("entry", "shop"));
        return new EntryLanes(
                intake, window, List.of(), new EntryRate(rate, burst, () -> nanos), meters, new TakenBytes(MOST_BYTES));
    }

    private double paused() {
        return registry.get("photon.executor.entry.paused").gauge().value();
    }

    @Test
    void whatIsOverTheRateWaitsAndItsPartitionWithIt() {
        var lane = lanes(100, 1, 1).anew(PARTITION, 0);
        lane.take(TestingIntake.record(0));
        assertThat(lane.full()).isFalse();

        lane.take(TestingIntake.record(1));

        assertThat(offsets).containsExactly(0L);
        assertThat(lane.full()).isTrue();
        assertThat(paused()).isEqualTo(1);
        assertThat(lane.roomy()).isFalse();
        assertThat(lane.untilRoomy()).isEqualTo(Duration.ofSeconds(1));
        nanos += TimeUnit.SECONDS.toNanos(1);
        lane.nextAlone();
        assertThat(offsets).containsExactly(0L, 1L);
        assertThat(lane.roomy()).isTrue();
        assertThat(paused()).isZero();
    }

    @Test
    void partitionsTakeTurns() {
        var lanes = lanes(100, 1, 1);
        var first = lanes.anew(PARTITION, 0);
        var second = lanes.anew(new TopicPartition("photon.in.shop", 1), 10);
        first.take(TestingIntake.record(0));
        first.take(TestingIntake.record(1));
        second.take(TestingIntake.record(10));
        first.take(TestingIntake.record(2));

        for (int turn = 0; turn < 3; turn++) {
            nanos += TimeUnit.SECONDS.toNanos(1);
            first.nextAlone();
            second.nextAlone();
        }

        assertThat(offsets).containsExactly(0L, 1L, 10L, 2L);
    }

    @Test
    void whatWaitsIsLeftToTheNextOwnerAndNobodyWaitsForIt() throws Exception {
        var lane = lanes(100, 1, 1).anew(PARTITION, 0);
        lane.take(TestingIntake.record(0));
        lane.take(TestingIntake.record(1));

        lane.close();
        assertThat(lane.idle()).isFalse();
        accepted.getFirst().finished();

        assertThat(lane.drain(Duration.ZERO)).isTrue();
        assertThat(lane.progress().offset()).isEqualTo(1);
        nanos += TimeUnit.SECONDS.toNanos(1);
        lane.nextAlone();
        assertThat(offsets).containsExactly(0L);
    }

    @Test
    void whenPartitionsAreAddedTheShareIsLess() {
        var lanes = lanes(100, 1, 2);
        var consumer = new MockConsumer<byte[], byte[]>("earliest");
        consumer.assign(List.of(PARTITION));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updatePartitions("photon.in.shop", partitions(1));
        var lane = lanes.open(consumer, PARTITION, Optional.empty());
        lane.take(TestingIntake.record(0));
        lane.take(TestingIntake.record(1));
        lane.take(TestingIntake.record(2));
        assertThat(lane.untilRoomy()).isEqualTo(Duration.ofSeconds(1));

        consumer.updatePartitions("photon.in.shop", partitions(2));
        lanes.look(consumer);

        assertThat(lane.untilRoomy()).isEqualTo(Duration.ofSeconds(2));
    }

    private static List<PartitionInfo> partitions(int count) {
        return IntStream.range(0, count)
                .mapToObj(partition -> new PartitionInfo("photon.in.shop", partition, null, null, null))
                .toList();
    }

    @Test
    void aPartitionWaitsWhenItsWindowIsFullWhateverTheRate() {
        var lane = lanes(2, 0, 0).anew(PARTITION, 0);

        lane.take(TestingIntake.record(0));
        lane.take(TestingIntake.record(1));

        assertThat(lane.full()).isTrue();
        accepted.forEach(Intake.Work::finished);
        assertThat(lane.roomy()).isTrue();
    }

    @Test
    void aPartitionWaitsWhileItsRecordsAreLarge() {
        var lane = lanes(1_000, 0, 0).anew(PARTITION, 0);

        lane.take(TestingIntake.record(0, 0, null, new byte[(int) MOST_BYTES]));

        assertThat(lane.full()).isTrue();
        assertThat(lane.roomy()).isFalse();
        accepted.forEach(Intake.Work::finished);
        assertThat(lane.roomy()).isTrue();
    }

    @Test
    void aPartitionThatIsLostDoesNotCountAsWaiting() {
        var lane = lanes(1, 0, 0).anew(PARTITION, 0);
        lane.take(TestingIntake.record(0));
        assertThat(lane.full()).isTrue();

        lane.drop();

        assertThat(paused()).isZero();
        assertThat(accepted.getFirst().wanted()).isFalse();
    }
}
