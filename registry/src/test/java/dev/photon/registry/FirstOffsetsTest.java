package dev.photon.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class FirstOffsetsTest {
    private static final TopicOffsets.Wanted SINCE =
            new TopicOffsets.Wanted("orders", new TriggerRule.Start.At(Instant.ofEpochMilli(5_000)));
    private static final TopicOffsets.Wanted LATEST = new TopicOffsets.Wanted("orders", new TriggerRule.Start.Latest());
    private static final TopicOffsets.Wanted EARLIEST =
            new TopicOffsets.Wanted("orders", new TriggerRule.Start.Earliest());

    /** Of one partition, to which somebody publishes whenever a question was answered. */
    private static final class GrowingTopic implements FirstOffsets.Asked {
        private long end;
        private final long firstSince;

        /**
         * @param firstSince the offset of the first record that is new enough, once it is there
         */
        GrowingTopic(long end, long firstSince) {
            this.end = end;
            this.firstSince = firstSince;
        }

        @Override
        public Map<TopicPartition, Future<Long>> offsets(Set<TopicPartition> partitions, OffsetSpec which) {
            var answer = CompletableFuture.completedFuture(offset(which));
            end++;
            return partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> answer));
        }

        private long offset(OffsetSpec which) {
            return switch (which) {
                case OffsetSpec.LatestSpec latest -> end;
                case OffsetSpec.EarliestSpec earliest -> 2;
                default -> firstSince < end ? firstSince : -1;
            };
        }
    }

    @Test
    void whatIsPublishedWhileATimeIsLookedForIsNotMissed() throws Exception {
        assertThat(starts(SINCE, new GrowingTopic(10, 10))).isEqualTo(10);
        assertThat(starts(SINCE, new GrowingTopic(10, 11))).isLessThanOrEqualTo(11);
    }

    @Test
    void eachBeginsWhereItWants() throws Exception {
        var found = new FirstOffsets(Map.of(SINCE, 1, LATEST, 1, EARLIEST, 1), new GrowingTopic(10, 4)).find();

        assertThat(found.get(SINCE).orRefuse()).containsExactly(4L);
        assertThat(found.get(LATEST).orRefuse()).containsExactly(10L);
        assertThat(found.get(EARLIEST).orRefuse()).containsExactly(2L);
    }

    @Test
    void aTopicThatIsNotThereHasNoStarts() throws Exception {
        assertThat(new FirstOffsets(Map.of(SINCE, 0), new GrowingTopic(10, 4))
                        .find()
                        .get(SINCE)
                        .orRefuse())
                .isEmpty();
    }

    @Test
    void whatFailsIsNotKnownAndKeepsNoOtherFromBeingKnown() throws Exception {
        var late = new TopicOffsets.Wanted("late", new TriggerRule.Start.Latest());
        var denied = new TopicOffsets.Wanted("denied", new TriggerRule.Start.Latest());
        FirstOffsets.Asked asked = (partitions, which) ->
                partitions.stream().collect(Collectors.toMap(Function.identity(), FirstOffsetsTest::answer));

        var found = new FirstOffsets(Map.of(LATEST, 2, late, 1, denied, 1), asked).find();

        assertThat(found.get(LATEST).orRefuse()).containsExactly(8L, 8L);
        assertThat(found.get(late))
                .isInstanceOfSatisfying(
                        Learnt.Unknown.class,
                        unknown -> assertThat(unknown.reason()).hasMessageContaining("'late' cannot be read now"));
        assertThat(found.get(denied))
                .isInstanceOfSatisfying(
                        Learnt.Unknown.class,
                        unknown -> assertThat(unknown.reason())
                                .hasMessageContaining("may not Describe the topic 'denied'"));
    }

    private static Future<Long> answer(TopicPartition partition) {
        return switch (partition.topic()) {
            case "late" -> CompletableFuture.failedFuture(new TimeoutException());
            case "denied" -> CompletableFuture.failedFuture(new TopicAuthorizationException("denied"));
            default -> CompletableFuture.completedFuture(8L);
        };
    }

    private static long starts(TopicOffsets.Wanted wanted, FirstOffsets.Asked asked) throws Exception {
        return new FirstOffsets(Map.of(wanted, 1), asked)
                .find()
                .get(wanted)
                .orRefuse()
                .getFirst();
    }
}
