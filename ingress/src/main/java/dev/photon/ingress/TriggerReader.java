package dev.photon.ingress;

import dev.photon.protocol.Topics;
import dev.photon.registry.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks the brokers how far triggers have come. What of one of them cannot be learnt keeps no other from being told.
 * Thread-safe; blocks for 3 s at most at each step.
 *
 * <pre>
 *  partitions ─► commits ─► begins and ends
 * </pre>
 */
final class TriggerReader implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 3_000;
    private static final int MOST_PARTITIONS = 50_000;

    private final Admin admin;
    private final Topics topics;

    /**
     * @param admin closed with this
     */
    TriggerReader(Admin admin, Topics topics) {
        this.admin = admin;
        this.topics = topics;
    }

    /** Leaves the reading of one trigger, with what the caller is told. */
    private static final class Unknown extends Exception {
        private static final long serialVersionUID = 1;

        Unknown(String reason) {
            super(reason, null, false, false);
        }
    }

    /** What the brokers are still to answer. */
    private record Asked(
            Map<String, Future<Integer>> partitions,
            Map<String, Future<Map<TopicPartition, OffsetAndMetadata>>> commits,
            ListOffsetsResult begins,
            ListOffsetsResult ends) {}

    /**
     * In the triggers' order.
     *
     * @throws IllegalArgumentException when there are too many partitions to tell of
     */
    List<TriggerStanding> read(List<Trigger> triggers) throws InterruptedException {
        var partitions = partitions(triggers);
        var known = new ArrayList<TopicPartition>();
        for (var counted : partitions.entrySet()) {
            var count = count(counted.getValue());
            for (int partition = 0; partition < count; partition++) {
                known.add(new TopicPartition(counted.getKey(), partition));
            }
        }
        if (known.size() > MOST_PARTITIONS) {
            throw new IllegalArgumentException("there are more than " + MOST_PARTITIONS
                    + " partitions: ask for the triggers of one function, by functionName");
        }
        var commits = commits(triggers);
        for (var asked : commits.values()) {
            settle(asked);
        }
        var asked = new Asked(
                partitions, commits, offsets(known, OffsetSpec.earliest()), offsets(known, OffsetSpec.latest()));
        var standings = new ArrayList<TriggerStanding>();
        for (var trigger : triggers) {
            standings.add(standing(trigger, asked));
        }
        return standings;
    }

    private Map<String, Future<Integer>> partitions(List<Trigger> triggers) throws InterruptedException {
        var names = triggers.stream()
                .map(trigger -> trigger.position().topic())
                .distinct()
                .toList();
        var counts = new HashMap<String, Future<Integer>>();
        admin.describeTopics(names, new DescribeTopicsOptions().timeoutMs(TIMEOUT_MILLIS))
                .topicNameValues()
                .forEach((topic, answer) -> counts.put(
                        topic,
                        answer.thenApply(description -> description.partitions().size())));
        for (var count : counts.values()) {
            settle(count);
        }
        return counts;
    }

    private Map<String, Future<Map<TopicPartition, OffsetAndMetadata>>> commits(List<Trigger> triggers) {
        var groups = triggers.stream()
                .map(this::group)
                .collect(Collectors.toMap(Function.identity(), group -> new ListConsumerGroupOffsetsSpec()));
        var answers =
                admin.listConsumerGroupOffsets(groups, new ListConsumerGroupOffsetsOptions().timeoutMs(TIMEOUT_MILLIS));
        var commits = new HashMap<String, Future<Map<TopicPartition, OffsetAndMetadata>>>();
        groups.keySet().forEach(group -> commits.put(group, answers.partitionsToOffsetAndMetadata(group)));
        return commits;
    }

    String group(Trigger trigger) {
        return group(trigger.position().function(), trigger.position().topic());
    }

    String group(String function, String topic) {
        return topics.triggerGroup(function, topic);
    }

    /** As executors read: what is in an open transaction is not there for them. */
    private ListOffsetsResult offsets(List<TopicPartition> partitions, OffsetSpec which) {
        return admin.listOffsets(
                partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> which)),
                new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(TIMEOUT_MILLIS));
    }

    private TriggerStanding standing(Trigger trigger, Asked asked) throws InterruptedException {
        var topic = trigger.position().topic();
        try {
            var count = known(asked.partitions().get(topic));
            var commits = known(asked.commits().get(group(trigger)));
            var partitions = new ArrayList<TriggerStanding.Partition>();
            for (int number = 0; number < count; number++) {
                var partition = new TopicPartition(topic, number);
                var committed = Optional.ofNullable(commits.get(partition))
                        .filter(commit -> trigger.position().counts(commit.metadata()))
                        .map(OffsetAndMetadata::offset);
                partitions.add(new TriggerStanding.Partition(
                        trigger.position().start(number),
                        committed,
                        known(asked.begins().partitionResult(partition)).offset(),
                        known(asked.ends().partitionResult(partition)).offset()));
            }
            return TriggerStanding.known(trigger, partitions);
        } catch (Unknown e) {
            return TriggerStanding.unknown(trigger, e.getMessage());
        }
    }

    private static int count(Future<Integer> asked) throws InterruptedException {
        try {
            return known(asked);
        } catch (Unknown e) {
            return 0;
        }
    }

    /** Waits until it is known, or known not to be. */
    private static void settle(Future<?> asked) throws InterruptedException {
        try {
            asked.get();
        } catch (ExecutionException e) {
            // Told of where the answer is used.
        }
    }

    private static <T> T known(Future<T> asked) throws InterruptedException, Unknown {
        try {
            return asked.get();
        } catch (ExecutionException e) {
            throw new Unknown(
                    switch (e.getCause()) {
                        case UnknownTopicOrPartitionException absent -> "there is no such topic yet";
                        case AuthorizationException denied ->
                            "the ingress may not Describe the topic or its group: whoever runs the region must allow it";
                        default -> "the brokers do not tell now";
                    });
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
