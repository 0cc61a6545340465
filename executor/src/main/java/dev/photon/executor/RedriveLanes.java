package dev.photon.executor;

import dev.photon.protocol.FinishedRanges;
import dev.photon.protocol.TriggerCommit;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The partitions of {@code photon.redrives}, or of {@code photon.replays}. What killed executors before may do it again, so they are those of a trigger
 * whose records run at least once. Thread-safe.
 */
final class RedriveLanes implements Lanes {
    /** Nobody moves the group to another position. */
    private static final long GENERATION = 0;

    /** No trigger allows more retries. */
    private static final int MOST_ATTEMPTS = 101;

    private final TriggerLane.Rules rules;

    RedriveLanes(TriggerIntake intake, int window, TakenBytes bytes) {
        this.rules = new TriggerLane.Rules(intake, window, MOST_ATTEMPTS, bytes);
    }

    @Override
    public Lane open(Consumer<byte[], byte[]> consumer, TopicPartition partition, Optional<OffsetAndMetadata> commit) {
        var said = commit.flatMap(done -> TriggerCommit.decode(done.offset(), done.metadata()));
        if (said.isEmpty()) {
            return anew(partition, consumer.position(partition));
        }
        var committed = commit.orElseThrow().offset();
        var tracker = OffsetTracker.restored(committed, said.get().finished());
        return lane(tracker, commit, TriggerLanes.suspected(consumer, partition, committed, said.get()));
    }

    @Override
    public Lane anew(TopicPartition partition, long from) {
        var nothing = new TriggerCommit(GENERATION, from, new TreeMap<>(), FinishedRanges.NONE);
        return lane(OffsetTracker.restored(from, FinishedRanges.NONE), Optional.empty(), nothing);
    }

    private Lane lane(OffsetTracker tracker, Optional<OffsetAndMetadata> commit, TriggerCommit said) {
        return new TriggerLane(tracker, commit, rules, said);
    }
}
