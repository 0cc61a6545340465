package dev.photon.registry;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks the brokers, for 10 s at most each time. Topics are asked for as executors read them: what stands in an open
 * transaction is not there yet.
 */
final class BrokerOffsets implements TopicOffsets {
    /** A position must fit a record. */
    private static final int MOST_PARTITIONS = 10_000;

    private static final String ASK = ": whoever runs the region must allow it";

    private final KafkaConnection kafka;
    private final Topics topics;

    BrokerOffsets(KafkaConnection kafka, Topics topics) {
        this.kafka = kafka;
        this.topics = topics;
    }

    @Override
    public Map<String, List<Long>> starts(Map<String, TriggerRule.Start> wanted) throws Refused, InterruptedException {
        try (var admin = kafka.admin()) {
            var partitions = partitions(admin, wanted.keySet());
            var found = offsets(admin, partitions, partition -> spec(wanted.get(partition.topic())));
            var open = partitions.stream()
                    .filter(partition -> found.get(partition) < 0)
                    .toList();
            // Nothing is as new as the time.
            found.putAll(offsets(admin, open, partition -> OffsetSpec.latest()));
            var starts = new HashMap<String, List<Long>>();
            wanted.keySet().forEach(topic -> starts.put(topic, new ArrayList<>()));
            partitions.forEach(partition -> starts.get(partition.topic()).add(found.get(partition)));
            return starts;
        }
    }

    private static OffsetSpec spec(TriggerRule.Start start) {
        return switch (start) {
            case TriggerRule.Start.Latest latest -> OffsetSpec.latest();
            case TriggerRule.Start.Earliest earliest -> OffsetSpec.earliest();
            case TriggerRule.Start.At at -> OffsetSpec.forTimestamp(at.time().toEpochMilli());
        };
    }

    @Override
    public List<Bounds> bounds(String topic) throws Refused, InterruptedException {
        try (var admin = kafka.admin()) {
            var partitions = partitions(admin, List.of(topic));
            var begins = offsets(admin, partitions, partition -> OffsetSpec.earliest());
            var ends = offsets(admin, partitions, partition -> OffsetSpec.latest());
            return partitions.stream()
                    .map(partition -> new Bounds(begins.get(partition), ends.get(partition)))
                    .toList();
        }
    }

    @Override
    public Map<TriggerPosition, Map<Integer, Long>> commits(List<TriggerPosition> positions)
            throws Refused, InterruptedException {
        var asked = new HashMap<String, ListConsumerGroupOffsetsSpec>();
        positions.forEach(position -> asked.put(group(position), new ListConsumerGroupOffsetsSpec()));
        try (var admin = kafka.admin()) {
            var answers = Awaited.of(admin.listConsumerGroupOffsets(asked).all());
            var commits = new HashMap<TriggerPosition, Map<Integer, Long>>();
            positions.forEach(position -> commits.put(position, counting(position, answers.get(group(position)))));
            return commits;
        } catch (AuthorizationException e) {
            throw new Refused("the registry may not Describe the groups '" + topics.triggerGroups() + "…'" + ASK);
        }
    }

    @Override
    public List<TriggerPosition> idle(List<TriggerPosition> positions) throws InterruptedException {
        try (var admin = kafka.admin()) {
            var empty = Awaited.of(admin.listGroups().all()).stream()
                    .filter(group -> group.groupState().equals(Optional.of(GroupState.EMPTY)))
                    .map(GroupListing::groupId)
                    .collect(Collectors.toSet());
            return positions.stream()
                    .filter(position -> empty.contains(group(position)))
                    .toList();
        }
    }

    private String group(TriggerPosition position) {
        return topics.triggerGroup(position.function(), position.topic());
    }

    private static Map<Integer, Long> counting(
            TriggerPosition position, Map<TopicPartition, OffsetAndMetadata> commits) {
        var counting = new HashMap<Integer, Long>();
        commits.forEach((partition, commit) -> {
            // Kafka's word for none.
            if (commit != null && position.counts(commit.metadata())) {
                counting.put(partition.partition(), commit.offset());
            }
        });
        return counting;
    }

    /** All of the topics that are there, each topic's in order. */
    private static List<TopicPartition> partitions(Admin admin, Collection<String> topics)
            throws Refused, InterruptedException {
        var asked = admin.describeTopics(topics).topicNameValues();
        var partitions = new ArrayList<TopicPartition>();
        for (var topic : new TreeSet<>(topics)) {
            var description = description(topic, asked.get(topic));
            if (description.isPresent()) {
                partitions.addAll(partitions(description.get()));
            }
        }
        return partitions;
    }

    private static Optional<TopicDescription> description(String topic, KafkaFuture<TopicDescription> asked)
            throws Refused, InterruptedException {
        try {
            return Optional.of(Awaited.of(asked));
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.empty();
        } catch (AuthorizationException e) {
            throw new Refused("the registry may not Describe the topic '" + topic + "'" + ASK);
        }
    }

    private static List<TopicPartition> partitions(TopicDescription description) throws Refused {
        var count = description.partitions().size();
        if (count > MOST_PARTITIONS) {
            throw new Refused("the topic '%s' has %d partitions, and a trigger reads at most %d"
                    .formatted(description.name(), count, MOST_PARTITIONS));
        }
        var partitions = new ArrayList<TopicPartition>();
        for (var partition : description.partitions()) {
            if (partition.leader() == null || partition.leader().isEmpty()) {
                // Others' commands would wait with this one.
                throw new Refused(
                        ErrorKind.UNAVAILABLE,
                        "partition %d of the topic '%s' has no leader now: try again later"
                                .formatted(partition.partition(), description.name()));
            }
            partitions.add(new TopicPartition(description.name(), partitions.size()));
        }
        return partitions;
    }

    /** Of each partition; negative where no record is as new as a time. */
    private static Map<TopicPartition, Long> offsets(
            Admin admin, List<TopicPartition> partitions, Function<TopicPartition, OffsetSpec> which)
            throws Refused, InterruptedException {
        var wanted = new HashMap<TopicPartition, OffsetSpec>();
        partitions.forEach(partition -> wanted.put(partition, which.apply(partition)));
        try {
            var offsets = new HashMap<TopicPartition, Long>();
            if (wanted.isEmpty()) {
                return offsets;
            }
            Awaited.of(admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                            .all())
                    .forEach((partition, found) -> offsets.put(partition, found.offset()));
            return offsets;
        } catch (AuthorizationException e) {
            throw new Refused("the registry may not Describe the topics of triggers" + ASK);
        } catch (KafkaException e) {
            throw new Refused(
                    ErrorKind.UNAVAILABLE,
                    "the offsets of '%s' cannot be read now: try again later"
                            .formatted(partitions.getFirst().topic()));
        }
    }
}
