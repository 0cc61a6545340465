package dev.photon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.groups.Tuple.tuple;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TopicPlanTest {
    private static final TopicPlan PLAN =
            new TopicPlan(new Topics("photon"), 6, (short) 1, List.of("slow"), List.of("local"), List.of("eu"));

    @Test
    void namesEveryTopicOfARegionOnce() {
        assertThat(PLAN.all())
                .extracting(TopicPlan.Topic::name)
                .containsExactlyInAnyOrder(
                        "photon.invocations",
                        "photon.invocations.slow",
                        "photon.responses",
                        "photon.bodies",
                        "photon.results",
                        "photon.cancellations",
                        "photon.uploads",
                        "photon.artifacts",
                        "eu.photon.functions",
                        "photon.logs",
                        "photon.dead-letters",
                        "photon.redrives",
                        "photon.replays",
                        "photon.deployments",
                        "photon.deployment-results",
                        "photon.functions",
                        "photon.usage",
                        "photon.in.local");
    }

    @Test
    void theDefaultPoolIsAlwaysThereAndHasTheEvents() {
        assertThat(PLAN.pools()).containsExactly("default", "slow");
        assertThat(PLAN.consumed("default"))
                .containsExactly("photon.invocations", "photon.in.local", "photon.redrives", "photon.replays");
        assertThat(PLAN.consumed("slow")).containsExactly("photon.invocations.slow");
    }

    @Test
    void onlyStateIsCompacted() {
        assertThat(PLAN.all())
                .filteredOn(topic -> "compact".equals(topic.policy().get("cleanup.policy")))
                .extracting(TopicPlan.Topic::name)
                .containsExactlyInAnyOrder("photon.functions", "photon.artifacts", "eu.photon.functions");
        assertThat(PLAN.all())
                .allSatisfy(topic ->
                        assertThat(topic.policy().get("cleanup.policy")).isIn("compact", "delete", "compact,delete"));
    }

    @Test
    void whatMustBeInOneOrderHasExactlyOnePartition() {
        assertThat(PLAN.all())
                .filteredOn(TopicPlan.Topic::exactPartitions)
                .extracting(TopicPlan.Topic::name, TopicPlan.Topic::partitions)
                .containsExactlyInAnyOrder(
                        tuple("photon.cancellations", 1),
                        tuple("photon.deployments", 1),
                        tuple("photon.deployment-results", 1),
                        tuple("photon.functions", 1),
                        tuple("eu.photon.functions", 1),
                        tuple("photon.usage", 1));
    }

    @Test
    void theLoadSpreadsOverThePartitionsAskedFor() {
        assertThat(PLAN.all())
                .filteredOn(topic -> !topic.exactPartitions())
                .extracting(TopicPlan.Topic::partitions)
                .containsOnly(6);
    }

    @Test
    void invocationsOutliveTheLongestDeadline() {
        var longest = 2 * 900_000L;

        assertThat(Long.parseLong(topics().get("photon.invocations").policy().get("retention.ms")))
                .isGreaterThan(longest);
    }

    @Test
    void bodiesOutliveTheLongestDeadlineButDoNotFillTheDisk() {
        var policy = topics().get("photon.bodies").policy();

        assertThat(Long.parseLong(policy.get("retention.ms"))).isGreaterThan(2 * 900_000L);
        assertThat(Long.parseLong(policy.get("retention.bytes"))).isPositive();
    }

    @Test
    void resultsOutliveTheTimeForWhichTheyAreGivenButDoNotFillTheDisk() {
        assertThat(Long.parseLong(topics().get("photon.results").policy().get("retention.bytes")))
                .isPositive();
        assertThat(Long.parseLong(topics().get("photon.results").policy().get("retention.ms")))
                .isGreaterThan(PLAN.resultTime().toMillis() + 2 * 900_000L);
    }

    @Test
    void refusesPlansThatKafkaWould() {
        var topics = new Topics("photon");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TopicPlan(topics, 0, (short) 1, List.of(), List.of(), List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TopicPlan(topics, 10_001, (short) 1, List.of(), List.of(), List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TopicPlan(topics, 1, (short) 0, List.of(), List.of(), List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TopicPlan(topics, 1, (short) 1, List.of(), List.of(), List.of(), 0));
    }

    @Test
    void ourTopicsAndKafkasOwnAreReserved() {
        assertThat(PLAN.all()).allMatch(topic -> PLAN.isReserved(topic.name()));
        assertThat(PLAN.isReserved("__consumer_offsets")).isTrue();
        assertThat(PLAN.isReserved("photons")).isFalse();
        assertThat(PLAN.isReserved("bills")).isFalse();
        assertThat(PLAN.isReserved("team.photon.answers")).isFalse();
    }

    private static Map<String, TopicPlan.Topic> topics() {
        return PLAN.all().stream().collect(Collectors.toMap(TopicPlan.Topic::name, Function.identity()));
    }
}
