package dev.photon.executor;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class EntryLaneTest {
    private static final long MOST_BYTES = 100;
    private static final TopicPartition PARTITION = new TopicPartition("photon.in.shop", 0);

    private long nanos;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<Intake.Owned> accepted = new ArrayList<>();

    private EntryLanes lanes(int window, int rate, int burst) {
        var intake = new Intake() {
            @Override
            public void accept(ConsumerRecord<byte[], byte[]> source, Owned work) {
                accepted.add(work);
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
    void aPartitionWaitsWhenTheRateIsSpentAndGoesOnLater() {
        var lane = lanes(100, 1, 1).anew(PARTITION, 0);
        assertThat(lane.full()).isFalse();

        lane.take(TestingIntake.record(0));

        assertThat(lane.full()).isTrue();
        assertThat(paused()).isEqualTo(1);
        assertThat(lane.roomy()).isFalse();
        nanos += TimeUnit.SECONDS.toNanos(1);
        assertThat(lane.roomy()).isTrue();
        assertThat(paused()).isZero();
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
