package dev.photon.registry;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks the brokers. Topics are asked for as executors read them: what stands in an open transaction is not there yet.
 * What brokers do not tell in time is not known, and ends nothing: the commands behind it must be decided, too.
 */
final class BrokerOffsets implements TopicOffsets {
    /** For each question; an answer takes three of them at most, however many topics it is about. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A position must fit a record. */
    private static final int MOST_PARTITIONS = 10_000;

    /** Of groups without members. */
    private static final Set<GroupState> WITHOUT_MEMBERS = EnumSet.of(GroupState.EMPTY, GroupState.DEAD);

    private final Admin admin;
    private final Topics topics;
    private final int timeoutMillis;

    /**
     * @param admin stays its owner's
     * @param patience how long each question may take
     */
    BrokerOffsets(Admin admin, Topics topics, Duration patience) {
        this.admin = admin;
        this.topics = topics;
        this.timeoutMillis = Math.toIntExact(patience.toMillis());
    }

    @Override
    public Map<Wanted, Learnt<List<Long>>> starts(Set<Wanted> wanted) throws InterruptedException {
        var counts = counts(wanted.stream().map(Wanted::topic).collect(Collectors.toSet()));
        var there = new HashMap<Wanted, Integer>();
        var starts = new HashMap<Wanted, Learnt<List<Long>>>();
        for (var each : wanted) {
            switch (counts.get(each.topic())) {
                case Learnt.Known<Integer> known -> there.put(each, known.value());
                case Learnt.Unknown<Integer> unknown -> starts.put(each, new Learnt.Unknown<>(unknown.reason()));
            }
        }
        starts.putAll(new FirstOffsets(there, this::offsets).find());
        return starts;
    }

    @Override
    public List<Bounds> bounds(String topic) throws Refused, InterruptedException {
        var count = counts(Set.of(topic)).get(topic).orRefuse();
        var partitions = FirstOffsets.partitions(topic, count);
        var begins = offsets(Set.copyOf(partitions), OffsetSpec.earliest());
        var ends = offsets(Set.copyOf(partitions), OffsetSpec.latest());
        try {
            var bounds = new ArrayList<Bounds>();
            for (var partition : partitions) {
                bounds.add(new Bounds(Awaited.of(begins.get(partition)), Awaited.of(ends.get(partition))));
            }
            return bounds;
        } catch (KafkaException e) {
            throw Unread.topic(topic, e);
        }
    }

    @Override
    public <T extends Reading<T>> Map<T, Learnt<Map<Integer, Long>>> commits(List<T> readings)
            throws InterruptedException {
        if (readings.isEmpty()) {
            return Map.of();
        }
        var asked = new HashMap<String, ListConsumerGroupOffsetsSpec>();
        readings.forEach(reading -> asked.put(reading.group(topics), new ListConsumerGroupOffsetsSpec()));
        // What a transaction has committed a moment ago may not stand there yet.
        var options = new ListConsumerGroupOffsetsOptions().requireStable(true).timeoutMs(timeoutMillis);
        var answers = admin.listConsumerGroupOffsets(asked, options);
        var commits = new HashMap<T, Learnt<Map<Integer, Long>>>();
        for (var reading : readings) {
            var group = reading.group(topics);
            commits.put(reading, commits(reading, group, answers.partitionsToOffsetAndMetadata(group)));
        }
        return commits;
    }

    private static Learnt<Map<Integer, Long>> commits(
            Reading<?> reading, String group, Future<Map<TopicPartition, OffsetAndMetadata>> answer)
            throws InterruptedException {
        try {
            return new Learnt.Known<>(counting(reading, Awaited.of(answer)));
        } catch (KafkaException e) {
            return new Learnt.Unknown<>(Unread.group(group, e));
        }
    }

    @Override
    public <T extends Reading<T>> List<T> idle(List<T> readings) throws Refused, InterruptedException {
        try {
            var listing = admin.listGroups(new ListGroupsOptions().timeoutMs(timeoutMillis));
            var read = Awaited.of(listing.all()).stream()
                    .filter(group ->
                            group.groupState().filter(WITHOUT_MEMBERS::contains).isEmpty())
                    .map(GroupListing::groupId)
                    .collect(Collectors.toSet());
            return readings.stream()
                    .filter(reading -> !read.contains(reading.group(topics)))
                    .toList();
        } catch (KafkaException e) {
            throw Unread.groups();
        }
    }

    private static Map<Integer, Long> counting(Reading<?> reading, Map<TopicPartition, OffsetAndMetadata> commits) {
        var counting = new HashMap<Integer, Long>();
        commits.forEach((partition, commit) -> {
            // Kafka's word for none.
            if (commit != null && reading.counts(commit.metadata())) {
                counting.put(partition.partition(), commit.offset());
            }
        });
        return counting;
    }

    /** How many partitions there are; none of a topic that is not there. */
    private Map<String, Learnt<Integer>> counts(Set<String> names) throws InterruptedException {
        var asked = admin.describeTopics(names, new DescribeTopicsOptions().timeoutMs(timeoutMillis))
                .topicNameValues();
        var counts = new HashMap<String, Learnt<Integer>>();
        for (var topic : names) {
            counts.put(topic, count(topic, asked.get(topic)));
        }
        return counts;
    }

    private static Learnt<Integer> count(String topic, Future<TopicDescription> asked) throws InterruptedException {
        try {
            return count(Awaited.of(asked));
        } catch (UnknownTopicOrPartitionException e) {
            return new Learnt.Known<>(0);
        } catch (KafkaException e) {
            return new Learnt.Unknown<>(Unread.topic(topic, e));
        }
    }

    private static Learnt<Integer> count(TopicDescription description) {
        var count = description.partitions().size();
        if (count > MOST_PARTITIONS) {
            return new Learnt.Unknown<>(new Refused("the topic '%s' has %d partitions, and a trigger reads at most %d"
                    .formatted(description.name(), count, MOST_PARTITIONS)));
        }
        for (var partition : description.partitions()) {
            if (partition.leader() == null || partition.leader().isEmpty()) {
                // Others' commands would wait with this one.
                return new Learnt.Unknown<>(new Refused(
                        ErrorKind.UNAVAILABLE,
                        "partition %d of the topic '%s' has no leader now: try again later"
                                .formatted(partition.partition(), description.name())));
            }
        }
        return new Learnt.Known<>(count);
    }

    private Map<TopicPartition, Future<Long>> offsets(Set<TopicPartition> partitions, OffsetSpec which) {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        var wanted = partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> which));
        var answers = admin.listOffsets(
                wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(timeoutMillis));
        var offsets = new HashMap<TopicPartition, Future<Long>>();
        wanted.keySet()
                .forEach(partition -> offsets.put(
                        partition, answers.partitionResult(partition).thenApply(ListOffsetsResultInfo::offset)));
        return offsets;
    }
}
