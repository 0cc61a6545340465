package dev.photon.executor;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The partitions of an entry topic that are ours, and the rate that they share. One begins where its group's commit says
 * or, before the first, where the declaration does: at the oldest record where that says nothing. Thread-safe.
 */
final class EntryLanes implements Lanes {
    private final Intake intake;
    private final int window;
    private final List<Long> starts;
    private final EntryRate rate;
    private final EntryMeters meters;
    private final TakenBytes bytes;
    private final AtomicInteger ours = new AtomicInteger();
    private volatile int all;

    EntryLanes(Intake intake, int window, List<Long> starts, EntryRate rate, EntryMeters meters, TakenBytes bytes) {
        this.intake = intake;
        this.window = window;
        this.starts = List.copyOf(starts);
        this.rate = rate;
        this.meters = meters;
        this.bytes = bytes;
    }

    EntryRate rate() {
        return rate;
    }

    EntryMeters meters() {
        return meters;
    }

    TakenBytes bytes() {
        return bytes;
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
        rate.share(ours.incrementAndGet(), all);
        return new EntryLane(tracker, commit, window, intake, this);
    }

    void dropped() {
        rate.share(ours.decrementAndGet(), all);
    }
}
