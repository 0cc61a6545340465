package dev.photon.ingress.scaler;

import dev.photon.protocol.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks the brokers how much of the executors' topics is unfinished. Thread-safe, never blocks.
 *
 * <pre>
 *  partitions ┐             ┌ ends ──┐
 *             ├── then ─────┤        ├── Reading
 *  commits ───┘             └ starts ┘
 * </pre>
 *
 * The ends are read after the commits: what is finished in between looks unfinished for a moment, and never the other
 * way round.
 */
final class BacklogReader implements AutoCloseable {
    /** For each of the two steps. */
    private static final int TIMEOUT_MILLIS = 1_500;

    private final Admin admin;
    private final List<String> topics;

    /**
     * @param admin closed with this
     * @param topics each shared by the group that {@link Topics#executors} names
     */
    BacklogReader(Admin admin, List<String> topics) {
        this.admin = admin;
        this.topics = List.copyOf(topics);
    }

    /** Fails when anything of it could not be learnt: a part would be taken for the whole. */
    CompletionStage<Reading> read() {
        var partitions = stage(admin.describeTopics(topics, new DescribeTopicsOptions().timeoutMs(TIMEOUT_MILLIS))
                        .allTopicNames())
                .thenApply(BacklogReader::partitions);
        var groups = topics.stream()
                .collect(Collectors.toMap(Topics::executors, topic -> new ListConsumerGroupOffsetsSpec()));
        var commits = stage(commits(admin.listConsumerGroupOffsets(
                groups, new ListConsumerGroupOffsetsOptions().timeoutMs(TIMEOUT_MILLIS))));
        return partitions.thenCombine(commits, this::compare).thenCompose(reading -> reading);
    }

    private static <T> CompletionStage<T> stage(KafkaFuture<T> answer) {
        return answer.toCompletionStage();
    }

    private static List<TopicPartition> partitions(Map<String, TopicDescription> descriptions) {
        var partitions = new ArrayList<TopicPartition>();
        descriptions.forEach((topic, description) -> description
                .partitions()
                .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition()))));
        return partitions;
    }

    private KafkaFuture<Map<TopicPartition, OffsetAndMetadata>> commits(ListConsumerGroupOffsetsResult answers) {
        return answers.all().thenApply(groups -> {
            var commits = new HashMap<TopicPartition, OffsetAndMetadata>();
            groups.values()
                    .forEach(group -> group.forEach((partition, commit) -> {
                        // Kafka's word for none.
                        if (commit != null) {
                            commits.put(partition, commit);
                        }
                    }));
            return commits;
        });
    }

    private CompletionStage<Reading> compare(
            List<TopicPartition> partitions, Map<TopicPartition, OffsetAndMetadata> commits) {
        var ends = offsets(partitions, OffsetSpec.latest());
        var starts = offsets(partitions, OffsetSpec.earliest());
        return ends.thenCombine(starts, (end, start) -> {
            var unfinished = new HashMap<String, Long>();
            var finished = new HashMap<String, Long>();
            for (var partition : partitions) {
                var commit = Optional.ofNullable(commits.get(partition));
                var count = Reading.unfinished(
                        start.get(partition).offset(), end.get(partition).offset(), commit);
                unfinished.merge(partition.topic(), count, Long::sum);
                finished.merge(partition.topic(), end.get(partition).offset() - count, Long::sum);
            }
            return new Reading(unfinished, finished);
        });
    }

    /** As executors read: what is in an open transaction is not there for them. */
    private CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> offsets(
            List<TopicPartition> partitions, OffsetSpec which) {
        var wanted = partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> which));
        var options = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(TIMEOUT_MILLIS);
        return stage(admin.listOffsets(wanted, options).all());
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
