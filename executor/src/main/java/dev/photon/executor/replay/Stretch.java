package dev.photon.executor.replay;

import dev.photon.protocol.KafkaConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * The records of some topics in a stretch of time, as they stand when it is opened: from the first in each partition that
 * is as young as its begin, up to the first that is as young as its end, by Kafka's index of times. Read in no group, so
 * that nobody's offsets change. Confined to a thread.
 */
final class Stretch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Map<String, String> SETTINGS = Map.of(
            "isolation.level", "read_committed",
            "max.poll.records", "32",
            "fetch.max.bytes", Integer.toString(8 << 20),
            "max.partition.fetch.bytes", Integer.toString(1 << 20),
            "request.timeout.ms", "10000",
            "default.api.timeout.ms", "15000");

    private final KafkaConsumer<byte[], byte[]> consumer;
    /** Of partitions that are not at their end yet. */
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    private long offsets;
    private long removed;

    /** What is done between two questions to the brokers. */
    interface Pause {
        void look() throws Stopped, InterruptedException;
    }

    Stretch(KafkaConnection kafka, String client) {
        consumer = kafka.consumer(client, SETTINGS);
    }

    private Set<TopicPartition> partitions(List<String> topics, Pause pause) throws Stopped, InterruptedException {
        var partitions = new HashSet<TopicPartition>();
        for (var topic : topics) {
            pause.look();
            consumer.partitionsFor(topic)
                    .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
        }
        return partitions;
    }

    /** Called first, and once. Blocks while it asks the brokers, at most 15 s between two pauses. */
    void find(List<String> topics, long from, long to, Pause pause) throws Stopped, InterruptedException {
        var partitions = partitions(topics, pause);
        pause.look();
        var begins = consumer.beginningOffsets(partitions);
        pause.look();
        var last = consumer.endOffsets(partitions);
        pause.look();
        var first = consumer.offsetsForTimes(times(partitions, from));
        pause.look();
        var after = consumer.offsetsForTimes(times(partitions, to));
        var starts = new HashMap<TopicPartition, Long>();
        first.forEach((partition, found) -> {
            if (found == null) {
                removed += last.get(partition) <= begins.get(partition) ? begins.get(partition) : 0;
                return;
            }
            var end = after.get(partition) == null
                    ? last.get(partition)
                    : Math.min(last.get(partition), after.get(partition).offset());
            if (found.offset() <= begins.get(partition)) {
                removed += begins.get(partition);
            }
            if (found.offset() < end) {
                starts.put(partition, found.offset());
                ends.put(partition, end);
                offsets += end - found.offset();
            }
        });
        consumer.assign(starts.keySet());
        starts.forEach(consumer::seek);
    }

    private static Map<TopicPartition, Long> times(Set<TopicPartition> partitions, long millis) {
        var times = new HashMap<TopicPartition, Long>();
        partitions.forEach(partition -> times.put(partition, millis));
        return times;
    }

    /** How many there are at most: some offsets have no record. */
    long offsets() {
        return offsets;
    }

    /**
     * How many may have been in the stretch and are not there any more, at most: all before the begin of the log, where
     * the stretch begins there, or the log has none left.
     */
    long removed() {
        return removed;
    }

    boolean hasMore() {
        return !ends.isEmpty();
    }

    /** Waits a moment for the next ones; perhaps there are none yet. */
    Iterable<ConsumerRecord<byte[], byte[]>> next() {
        ConsumerRecords<byte[], byte[]> batch;
        try {
            batch = consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            skipRemoved(e.offsetOutOfRangePartitions());
            batch = ConsumerRecords.empty();
        }
        var all = Map.copyOf(ends);
        ends.entrySet().removeIf(end -> isAtEnd(end.getKey(), end.getValue()));
        var wanted = batch;
        return () -> StreamSupport.stream(wanted.spliterator(), false)
                .filter(source ->
                        source.offset() < all.getOrDefault(new TopicPartition(source.topic(), source.partition()), 0L))
                .iterator();
    }

    private boolean isAtEnd(TopicPartition partition, long end) {
        if (consumer.position(partition) < end) {
            return false;
        }
        consumer.pause(List.of(partition));
        return true;
    }

    /** The brokers were quicker. */
    private void skipRemoved(Map<TopicPartition, Long> positions) {
        consumer.beginningOffsets(positions.keySet()).forEach((partition, begin) -> {
            removed += Math.max(0, Math.min(begin, ends.getOrDefault(partition, begin)) - positions.get(partition));
            consumer.seek(partition, Math.max(begin, positions.get(partition)));
        });
    }

    @Override
    public void close() {
        consumer.close();
    }
}
