package dev.photon.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.FinishedRanges;
import dev.photon.protocol.TriggerCommit;
import dev.photon.registry.TriggerPosition;
import dev.photon.registry.TriggerRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TriggerLanesTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final int WINDOW = 8;

    private final TestingIntake intake = new TestingIntake();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");

    @BeforeEach
    void assign() {
        consumer.assign(List.of(PARTITION));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, 9L));
    }

    private TriggerLanes lanes(TriggerRule.Delivery delivery) {
        var rule = new TriggerRule(
                "orders",
                new TriggerRule.Start.Latest(),
                TriggerRule.Ordering.KEY,
                4,
                Optional.empty(),
                delivery,
                TriggerRule.OnError.DEFAULT);
        var rules = new TriggerLane.Rules(intake, WINDOW, 4, new TakenBytes(1_000));
        return new TriggerLanes(
                new TriggerPosition("shop", "orders", 17, List.of(5L), false), rule, rules, (opened, lanes) -> {
                    throw new AssertionError("no transaction is needed");
                });
    }

    private static Optional<OffsetAndMetadata> commit(long generation, long offset, long begun) {
        var said = new TriggerCommit(generation, begun, new TreeMap<>(), FinishedRanges.NONE);
        return Optional.of(new OffsetAndMetadata(offset, said.encode(offset)));
    }

    private static TriggerCommit said(Lane lane) {
        var progress = lane.progress();
        return TriggerCommit.decode(progress.offset(), progress.metadata()).orElseThrow();
    }

    @Test
    void aTriggerBeginsWhereItsGenerationDoes() {
        var lane = lanes(TriggerRule.Delivery.AT_LEAST_ONCE).open(consumer, PARTITION, Optional.empty());

        assertThat(consumer.position(PARTITION)).isEqualTo(5);
        assertThat(lane.progress().offset()).isEqualTo(5);
        assertThat(said(lane).generation()).isEqualTo(17);
    }

    @Test
    void aCommitOfAnEarlierGenerationDoesNotCount() {
        var lane = lanes(TriggerRule.Delivery.AT_LEAST_ONCE).open(consumer, PARTITION, commit(16, 8, 8));

        assertThat(consumer.position(PARTITION)).isEqualTo(5);
        assertThat(lane.progress().offset()).isEqualTo(5);
    }

    @Test
    void aCommitThatSaysNothingDoesNotCount() {
        var bare = Optional.of(new OffsetAndMetadata(8, ""));

        lanes(TriggerRule.Delivery.AT_LEAST_ONCE).open(consumer, PARTITION, bare);

        assertThat(consumer.position(PARTITION)).isEqualTo(5);
    }

    @Test
    void aCommitOfALaterGenerationIsKept() {
        consumer.seek(PARTITION, 7);

        var lane = lanes(TriggerRule.Delivery.AT_LEAST_ONCE).open(consumer, PARTITION, commit(18, 7, 7));

        assertThat(consumer.position(PARTITION)).isEqualTo(7);
        assertThat(said(lane).generation()).isEqualTo(18);
    }

    @Test
    void whatIsPublishedAfterTheDeathOfAnOwnerIsNoSuspect() {
        consumer.seek(PARTITION, 7);
        var lane = lanes(TriggerRule.Delivery.AT_LEAST_ONCE).open(consumer, PARTITION, commit(17, 7, 1_000));

        lane.claim(9).ifPresent(lane::committed);
        for (long offset = 7; offset <= 9; offset++) {
            lane.take(TestingIntake.record(offset));
        }

        assertThat(intake.accepted).isEmpty();
        for (long offset = 7; offset <= 8; offset++) {
            lane.nextAlone().ifPresent(lane::committed);
            lane.runAlone();
            intake.taken(offset).begin();
            intake.taken(offset).finished();
        }
        lane.nextAlone();
        assertThat(intake.offsets()).containsExactly(7L, 8L, 9L);
        assertThat(intake.taken(9).redelivered()).isFalse();
    }

    @Test
    void whatRunsAtMostOnceIsCommittedBeforeAndIsNobodyElsesAfterwards() {
        var lane = lanes(TriggerRule.Delivery.AT_MOST_ONCE).open(consumer, PARTITION, Optional.empty());

        var claim = lane.claim(6).orElseThrow();
        assertThat(claim.offset()).isEqualTo(7);
        lane.committed(claim);
        lane.take(TestingIntake.record(5));
        lane.take(TestingIntake.record(6));

        assertThat(intake.offsets()).containsExactly(5L, 6L);
        assertThat(lane.progress()).isEqualTo(claim);
        assertThat(lane.unfinished()).isEqualTo(2);
        lane.drop();
        assertThat(intake.taken(5).begin()).isTrue();
        intake.taken(5).finished();
        intake.taken(6).finished();
        assertThat(lane.idle()).isTrue();
    }
}
