package dev.photon.executor;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * The partitions of an entry topic that are ours, and the rate that they share: what is over it waits here, in the order in
 * which it came. One begins where its group's commit says or, before the first, where the declaration does: at the oldest
 * record where that says nothing. On the consumer's thread.
 */
final class EntryLanes implements Lanes {
    private final Intake intake;
    private final int window;
    private final List<Long> starts;
    private final EntryRate rate;
    private final EntryMeters meters;
    private final TakenBytes bytes;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private int ours;
    private int all;

    private record Waiting(EntryLane lane, ConsumerRecord<byte[], byte[]> source) {}

    EntryLanes(Intake intake, int window, List<Long> starts, EntryRate rate, EntryMeters meters, TakenBytes bytes) {
        this.intake = intake;
        this.window = window;
        this.starts = List.copyOf(starts);
        this.rate = rate;
        this.meters = meters;
        this.bytes = bytes;
    }

    EntryMeters meters() {
        return meters;
    }

    TakenBytes bytes() {
        return bytes;
    }

    /** It runs when those before it do, and the rate allows it. */
    void add(EntryLane lane, ConsumerRecord<byte[], byte[]> source) {
        waiting.add(new Waiting(lane, source));
        runWaiting();
    }

    void runWaiting() {
        while (!waiting.isEmpty() && rate.take()) {
            var next = waiting.remove();
            next.lane().runWaiting(next.source());
        }
    }

    boolean anyWaits() {
        return !waiting.isEmpty();
    }

    Duration untilNext() {
        return rate.untilNext();
    }

    /** What waits of that lane is left to the next owner of its partition. */
    void leave(EntryLane lane) {
        waiting.removeIf(record -> record.lane() == lane);
    }

    @Override
    public Lane open(Consumer<byte[], byte[]> consumer, TopicPartition partition, Optional<OffsetAndMetadata> commit) {
        all = consumer.partitionsFor(partition.topic()).size();
        if (commit.isPresent()) {
            return lane(
                    OffsetTracker.restored(commit.get().offset(), commit.get().metadata()), commit);
        }
        if (partition.partition() >= starts.size()) {
            return anew(partition, consumer.position(partition));
        }
        var start = starts.get(partition.partition());
        consumer.seek(partition, start);
        return anew(partition, start);
    }

    @Override
    public Lane anew(TopicPartition partition, long from) {
        return lane(OffsetTracker.restored(from, ""), Optional.empty());
    }

    private Lane lane(OffsetTracker tracker, Optional<OffsetAndMetadata> commit) {
        ours++;
        rate.share(ours, all);
        return new EntryLane(tracker, commit, window, intake, this);
    }

    /** Those that are added to the topic may all be others'. */
    @Override
    public void look(Consumer<byte[], byte[]> consumer) {
        consumer.assignment().stream().findFirst().ifPresent(partition -> count(consumer, partition.topic()));
    }

    private void count(Consumer<byte[], byte[]> consumer, String topic) {
        try {
            // It knows it already, and learns it anew with its metadata.
            all = consumer.partitionsFor(topic, Duration.ZERO).size();
            rate.share(ours, all);
        } catch (TimeoutException e) {
            // It does not, and we wait for nothing here.
        }
    }

    void dropped(EntryLane lane) {
        leave(lane);
        ours--;
        rate.share(ours, all);
    }
}
