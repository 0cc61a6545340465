package dev.photon.ingress.scaler;

import dev.photon.ingress.scaler.Reading.Work;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks the brokers how much of what executors work off is unfinished. Thread-safe, never blocks.
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
    private final Supplier<List<Consumed>> sources;

    /**
     * @param admin closed with this
     * @param sources asked before each reading; each group is there once
     */
    BacklogReader(Admin admin, Supplier<List<Consumed>> sources) {
        this.admin = admin;
        this.sources = sources;
    }

    /** What the brokers are asked first. */
    private record Asked(
            Map<String, CompletableFuture<Integer>> partitions,
            Map<String, CompletableFuture<Map<TopicPartition, OffsetAndMetadata>>> commits) {}

    /** Of each partition. */
    private record Bounds(
            Map<TopicPartition, CompletableFuture<Long>> starts, Map<TopicPartition, CompletableFuture<Long>> ends) {}

    /** Fails when anything could not be learnt of what is required: a part would be taken for the whole. */
    CompletionStage<Reading> read() {
        var all = sources.get();
        var asked = new Asked(
                partitions(all.stream().map(Consumed::topic).distinct().toList()),
                commits(all.stream().map(Consumed::group).distinct().toList()));
        return settled(asked.partitions().values())
                .thenCombine(settled(asked.commits().values()), (some, others) -> bounds(asked))
                .thenCompose(bounds -> settled(bounds.starts().values())
                        .thenCombine(settled(bounds.ends().values()), (some, others) -> reading(all, asked, bounds)));
    }

    /** Completes when all of them have, however they did. */
    private static <T> CompletableFuture<Void> settled(Collection<CompletableFuture<T>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new))
                .exceptionally(failure -> null);
    }

    private static <T> CompletableFuture<T> future(KafkaFuture<T> answer) {
        return answer.toCompletionStage().toCompletableFuture();
    }

    private Map<String, CompletableFuture<Integer>> partitions(List<String> topics) {
        var counts = new HashMap<String, CompletableFuture<Integer>>();
        admin.describeTopics(topics, new DescribeTopicsOptions().timeoutMs(TIMEOUT_MILLIS))
                .topicNameValues()
                .forEach((topic, answer) -> counts.put(topic, future(answer).thenApply(BacklogReader::count)));
        return counts;
    }

    /** Whoever asked a partition without a leader for its offsets would wait for the answer. */
    private static int count(TopicDescription topic) {
        topic.partitions().forEach(partition -> {
            if (partition.leader() == null || partition.leader().isEmpty()) {
                throw new LeaderNotAvailableException(
                        "partition %d of %s has no leader".formatted(partition.partition(), topic.name()));
            }
        });
        return topic.partitions().size();
    }

    private Map<String, CompletableFuture<Map<TopicPartition, OffsetAndMetadata>>> commits(List<String> groups) {
        var wanted = groups.stream()
                .collect(Collectors.toMap(Function.identity(), group -> new ListConsumerGroupOffsetsSpec()));
        var answers =
                admin.listConsumerGroupOffsets(wanted, new ListConsumerGroupOffsetsOptions().timeoutMs(TIMEOUT_MILLIS));
        return groups.stream()
                .collect(Collectors.toMap(
                        Function.identity(), group -> future(answers.partitionsToOffsetAndMetadata(group))));
    }

    private Bounds bounds(Asked asked) {
        var known = asked.partitions().entrySet().stream()
                .filter(count -> !count.getValue().isCompletedExceptionally())
                .flatMap(count -> IntStream.range(0, count.getValue().join())
                        .mapToObj(partition -> new TopicPartition(count.getKey(), partition)))
                .toList();
        return new Bounds(offsets(known, OffsetSpec.earliest()), offsets(known, OffsetSpec.latest()));
    }

    /** As executors read: what is in an open transaction is not there for them. */
    private Map<TopicPartition, CompletableFuture<Long>> offsets(List<TopicPartition> partitions, OffsetSpec which) {
        var answers = admin.listOffsets(
                partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> which)),
                new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(TIMEOUT_MILLIS));
        return partitions.stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        partition -> future(answers.partitionResult(partition))
                                .thenApply(ListOffsetsResult.ListOffsetsResultInfo::offset)));
    }

    private static Reading reading(List<Consumed> all, Asked asked, Bounds bounds) {
        var works = new HashMap<String, Work>();
        var unread = new HashMap<String, String>();
        for (var consumed : all) {
            try {
                works.put(consumed.group(), work(consumed, asked, bounds));
            } catch (CompletionException e) {
                if (consumed.required()) {
                    throw e;
                }
                unread.put(consumed.group(), String.valueOf(e.getCause()));
            }
        }
        return new Reading(works, unread);
    }

    private static Work work(Consumed consumed, Asked asked, Bounds bounds) {
        var unfinished = 0L;
        var finished = 0L;
        var commits = asked.commits().get(consumed.group()).join();
        for (int number = 0; number < count(consumed, asked); number++) {
            var partition = new TopicPartition(consumed.topic(), number);
            // Without a commit it is null: Kafka's word for none.
            var commit = Optional.ofNullable(commits.get(partition));
            var end = bounds.ends().get(partition).join();
            var left = Reading.unfinished(
                    bounds.starts().get(partition).join(),
                    end,
                    consumed.progress().of(number, commit));
            unfinished += left;
            finished += end - left;
        }
        return new Work(consumed.topic(), consumed.pool(), unfinished, finished);
    }

    /** There is nothing to do in a topic that there is not, unless there must be one. */
    private static int count(Consumed consumed, Asked asked) {
        try {
            return asked.partitions().get(consumed.topic()).join();
        } catch (CompletionException e) {
            if (!consumed.required() && e.getCause() instanceof UnknownTopicOrPartitionException) {
                return 0;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
