package dev.photon.protocol;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The topics a region needs, with their policies.
 *
 * @param partitions of the topics that carry the load, 1 to 10,000
 * @param replication factor of every topic, at least 1; with 3 or more, two replicas must acknowledge
 */
public record TopicPlan(Topics topics, int partitions, short replication, List<String> entries) {
    /** A year to compare with, and the month before it. */
    public static final Duration USAGE_RETENTION = Duration.ofDays(400);

    /** More than the longest that a request waits and runs. */
    private static final Duration LONGEST_CALL = Duration.ofMinutes(40);

    private static final long MIB = 1 << 20;

    /**
     * One topic.
     *
     * @param exactPartitions whether another number than {@code partitions} would break its contract
     */
    public record Topic(String name, int partitions, boolean exactPartitions, Map<String, String> policy) {}

    public TopicPlan {
        if (partitions < 1 || partitions > 10_000 || replication < 1) {
            throw new IllegalArgumentException("a topic has 1 to 10,000 partitions and at least one replica");
        }
        entries = List.copyOf(entries);
    }

    public List<Topic> all() {
        var all = new ArrayList<>(List.of(
                spread(topics.invocations(), kept(Duration.ofHours(1))),
                spread(
                        topics.responses(),
                        Map.of(
                                "cleanup.policy", "delete",
                                "retention.ms", millis(Duration.ofMinutes(10)),
                                "segment.ms", millis(Duration.ofMinutes(1)),
                                "segment.bytes", Long.toString(64 * MIB))),
                spread(
                        topics.bodies(),
                        Map.of(
                                "cleanup.policy", "delete",
                                "retention.ms", millis(LONGEST_CALL),
                                "retention.bytes", Long.toString(1024 * MIB),
                                "segment.ms", millis(Duration.ofMinutes(5)),
                                "segment.bytes", Long.toString(64 * MIB))),
                spread(topics.uploads(), kept(Duration.ofHours(1))),
                spread(topics.artifacts(), Map.of("cleanup.policy", "compact")),
                spread(topics.logs(), kept(Duration.ofDays(3))),
                single(
                        topics.cancellations(),
                        Map.of(
                                "cleanup.policy", "delete",
                                "retention.ms", millis(Duration.ofMinutes(5)),
                                "segment.ms", millis(Duration.ofMinutes(5)))),
                single(topics.deployments(), kept(Duration.ofDays(7))),
                single(topics.deploymentResults(), kept(Duration.ofDays(7))),
                single(topics.functions(), Map.of("cleanup.policy", "compact")),
                single(
                        topics.usage(),
                        Map.of(
                                "cleanup.policy", "compact,delete",
                                "retention.ms", millis(USAGE_RETENTION),
                                // What is still written to is not compacted.
                                "segment.ms", millis(Duration.ofHours(6)),
                                "segment.bytes", Long.toString(64 * MIB)))));
        entries.forEach(entry -> all.add(spread(topics.entry(entry), kept(Duration.ofDays(1)))));
        return all;
    }

    private Topic spread(String name, Map<String, String> policy) {
        return new Topic(name, partitions, false, policy);
    }

    private static Topic single(String name, Map<String, String> policy) {
        return new Topic(name, 1, true, policy);
    }

    private static Map<String, String> kept(Duration time) {
        return Map.of("cleanup.policy", "delete", "retention.ms", millis(time));
    }

    private static String millis(Duration time) {
        return Long.toString(time.toMillis());
    }
}
