package dev.photon.protocol;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The topics a region needs, with their policies.
 *
 * @param partitions of the topics that carry the load, 1 to 10,000
 * @param replication factor of every topic, at least 1; with 3 or more, two replicas must acknowledge
 * @param pools of executors, which share the calls of their functions; the default pool, which there always is, first
 * @param origins the other regions, of whose functions there is a copy
 * @param resultHours how long answers are kept that are asked for later, at least 1
 */
public record TopicPlan(
        Topics topics,
        int partitions,
        short replication,
        List<String> pools,
        List<String> entries,
        List<String> origins,
        int resultHours) {
    /** A day. */
    public static final int DEFAULT_RESULT_HOURS = 24;

    /** A year to compare with, and the month before it. */
    public static final Duration USAGE_RETENTION = Duration.ofDays(400);

    /** Two weeks to find out what is wrong, and to mend it. */
    public static final Duration DEAD_LETTER_RETENTION = Duration.ofDays(14);

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
        if (resultHours < 1) {
            throw new IllegalArgumentException("results are kept for at least an hour");
        }
        pools = Stream.concat(Stream.of(Topics.DEFAULT_POOL), pools.stream())
                .distinct()
                .toList();
        entries = List.copyOf(entries);
        origins = List.copyOf(origins);
    }

    /** One that keeps results for a day. */
    public TopicPlan(
            Topics topics,
            int partitions,
            short replication,
            List<String> pools,
            List<String> entries,
            List<String> origins) {
        this(topics, partitions, replication, pools, entries, origins, DEFAULT_RESULT_HOURS);
    }

    /** How long answers are kept that are asked for later. */
    public Duration resultTime() {
        return Duration.ofHours(resultHours);
    }

    /**
     * What the executors of a pool consume: its calls and, in the default pool, what publishers send, redrives and replays.
     */
    public List<String> consumed(String pool) {
        var calls = Stream.of(topics.invocations(pool));
        return pool.equals(Topics.DEFAULT_POOL)
                ? Stream.of(calls, entries.stream().map(topics::entry), Stream.of(topics.redrives(), topics.replays()))
                        .flatMap(names -> names)
                        .toList()
                : calls.toList();
    }

    /** Whether a publisher's reply must not go there: the region's own topics, copies of others', and Kafka's. */
    public boolean isReserved(String topic) {
        return topics.isReserved(topic)
                || origins.stream().anyMatch(origin -> topics.mirrored(origin).isReserved(topic));
    }

    public List<Topic> all() {
        var all = new ArrayList<>(List.of(
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
                // Not compacted: of several answers the first counts, and compaction keeps the last.
                spread(
                        topics.results(),
                        Map.of(
                                "cleanup.policy", "delete",
                                // An answer is found by the note that its call was accepted, which is older.
                                "retention.ms", millis(resultTime().plusHours(1)),
                                "retention.bytes", Long.toString(4096 * MIB),
                                "segment.ms", millis(Duration.ofHours(1)),
                                "segment.bytes", Long.toString(64 * MIB))),
                spread(topics.uploads(), kept(Duration.ofHours(1))),
                spread(topics.artifacts(), Map.of("cleanup.policy", "compact")),
                spread(topics.logs(), kept(Duration.ofDays(3))),
                spread(topics.deadLetters(), keptByKey(DEAD_LETTER_RETENTION)),
                spread(topics.redrives(), kept(Duration.ofDays(1))),
                spread(topics.replays(), kept(Duration.ofHours(1))),
                single(
                        topics.cancellations(),
                        Map.of(
                                "cleanup.policy", "delete",
                                "retention.ms", millis(Duration.ofMinutes(5)),
                                "segment.ms", millis(Duration.ofMinutes(5)))),
                single(topics.deployments(), kept(Duration.ofDays(7))),
                single(topics.deploymentResults(), kept(Duration.ofDays(7))),
                single(topics.functions(), Map.of("cleanup.policy", "compact")),
                single(topics.usage(), keptByKey(USAGE_RETENTION))));
        pools.forEach(pool -> all.add(spread(topics.invocations(pool), kept(Duration.ofHours(1)))));
        origins.forEach(
                origin -> all.add(single(topics.mirrored(origin).functions(), Map.of("cleanup.policy", "compact"))));
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

    private static Map<String, String> keptByKey(Duration time) {
        return Map.of(
                "cleanup.policy", "compact,delete",
                "retention.ms", millis(time),
                // What is still written to is not compacted.
                "segment.ms", millis(Duration.ofHours(6)),
                "segment.bytes", Long.toString(64 * MIB));
    }

    private static String millis(Duration time) {
        return Long.toString(time.toMillis());
    }
}
