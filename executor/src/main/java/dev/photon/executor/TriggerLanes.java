package dev.photon.executor;

import dev.photon.protocol.FinishedRanges;
import dev.photon.protocol.TriggerCommit;
import dev.photon.registry.TriggerPosition;
import dev.photon.registry.TriggerRule;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of a trigger. One goes on at its group's commit when that is of the trigger's generation, or of a newer
 * one that we have not heard of yet, and begins where the generation begins otherwise. Thread-safe.
 */
final class TriggerLanes implements Lanes {
    private static final Logger LOG = LoggerFactory.getLogger(TriggerLanes.class);

    private final TriggerPosition position;
    private final TriggerRule rule;
    private final TriggerLane.Rules rules;
    private final Transactions.Opening transactions;

    /** @param transactions where a trigger needs them */
    TriggerLanes(
            TriggerPosition position, TriggerRule rule, TriggerLane.Rules rules, Transactions.Opening transactions) {
        this.position = position;
        this.rule = rule;
        this.rules = rules;
        this.transactions = transactions;
    }

    @Override
    public Commits commits(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Lane> lanes) {
        return switch (rule.delivery()) {
            case AT_LEAST_ONCE, AT_MOST_ONCE -> new PlainCommits(consumer, lanes);
            case EXACTLY_ONCE -> transactions.open(consumer, lanes);
        };
    }

    @Override
    public Lane open(Consumer<byte[], byte[]> consumer, TopicPartition partition, Optional<OffsetAndMetadata> commit) {
        var said = commit.flatMap(done -> TriggerCommit.decode(done.offset(), done.metadata()))
                .filter(known -> known.generation() >= position.generation());
        if (said.isEmpty()) {
            var start = position.start(partition.partition());
            consumer.seek(partition, start);
            return anew(partition, start);
        }
        var committed = commit.orElseThrow();
        var tracker = OffsetTracker.restored(committed.offset(), said.get().finished());
        return lane(tracker, commit, suspected(consumer, partition, committed.offset(), said.get()));
    }

    /** What is published from now on has not begun, however far the owner before us might have gone. */
    static TriggerCommit suspected(
            Consumer<byte[], byte[]> consumer, TopicPartition partition, long committed, TriggerCommit said) {
        if (said.begun() <= committed) {
            return said;
        }
        var end = consumer.endOffsets(Set.of(partition)).get(partition);
        var begun = Math.min(said.begun(), end);
        if (begun > committed) {
            LOG.atWarn()
                    .addKeyValue("partition", partition)
                    .addKeyValue("from", committed)
                    .addKeyValue("to", begun)
                    .log("the owner before did not let go of the partition: what it may have begun runs one by one");
        }
        return new TriggerCommit(said.generation(), begun, said.attempts(), said.finished());
    }

    @Override
    public Lane anew(TopicPartition partition, long from) {
        var nothing = new TriggerCommit(position.generation(), from, new TreeMap<>(), FinishedRanges.NONE);
        return lane(OffsetTracker.restored(from, FinishedRanges.NONE), Optional.empty(), nothing);
    }

    private Lane lane(OffsetTracker tracker, Optional<OffsetAndMetadata> commit, TriggerCommit said) {
        return switch (rule.delivery()) {
            case AT_LEAST_ONCE -> new TriggerLane(tracker, commit, rules, said);
            case AT_MOST_ONCE -> new OnceLane(tracker, commit, rules, said.generation());
            case EXACTLY_ONCE -> new ExactlyOnceLane(tracker, commit, rules, said);
        };
    }
}
