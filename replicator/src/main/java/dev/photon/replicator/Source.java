package dev.photon.replicator;

import dev.photon.protocol.KafkaConnection;
import dev.photon.registry.Checkpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The functions of another region, as they are read: only what was committed there, and never past a gap. Confined to
 * the flow's thread.
 */
final class Source implements AutoCloseable {
    /** Rare to find nothing for so long, and short enough to be asked to end. */
    private static final Duration POLL = Duration.ofMillis(200);

    private static final Map<String, String> CONSUMER = Map.of(
            "isolation.level", "read_committed",
            "fetch.max.wait.ms", "100",
            "fetch.min.bytes", "1",
            "max.poll.records", "2000",
            "max.partition.fetch.bytes", Integer.toString(8 << 20),
            // The system's own, which grows with the way: the client's 64 KiB a round trip are little from afar.
            "receive.buffer.bytes", "-1",
            "default.api.timeout.ms", "10000");

    /** Is told how many bytes were read, and returns when more may be. */
    interface Pace {
        void read(long bytes) throws InterruptedException;
    }

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final Pace pace;
    private long taken;
    private OffsetAndMetadata next = new OffsetAndMetadata(0);

    Source(KafkaConnection kafka, String clientId, String topic, Pace pace) {
        this.consumer = kafka.consumer(clientId, CONSUMER);
        this.partition = new TopicPartition(topic, 0);
        this.pace = pace;
        consumer.assign(List.of(partition));
    }

    /** With the leader epoch, so that it is noticed when other records stand before this offset now (KIP-320). */
    void seek(Checkpoint checkpoint) {
        var epoch = Optional.of(checkpoint.leaderEpoch()).filter(known -> known >= 0);
        seek(new OffsetAndMetadata(checkpoint.offset(), epoch, ""));
    }

    private void seek(OffsetAndMetadata position) {
        next = position;
        consumer.seek(partition, position);
    }

    /** Where the copy goes on when all that was read is in it. */
    Checkpoint checkpoint(String topicId) {
        return new Checkpoint(topicId, next.offset(), next.leaderEpoch().orElse(-1));
    }

    /** How many records there are to be read, as of the last answer. */
    OptionalLong lag() {
        return consumer.currentLag(partition);
    }

    /**
     * The next records.
     *
     * @throws org.apache.kafka.clients.consumer.InvalidOffsetException when they are not there
     */
    List<ConsumerRecord<byte[], byte[]>> poll() {
        return poll(POLL);
    }

    /** Those that come within this time, when it is known that there are more; otherwise those that have come already. */
    List<ConsumerRecord<byte[], byte[]>> more(Duration patience) {
        return poll(lag().orElse(0) > 0 ? patience : Duration.ZERO);
    }

    private List<ConsumerRecord<byte[], byte[]>> poll(Duration patience) {
        var batch = consumer.poll(patience);
        took(batch);
        return batch.records(partition);
    }

    private void took(ConsumerRecords<byte[], byte[]> batch) {
        // Of the markers of transactions, too, which a copy moves over.
        next = batch.nextOffsets().getOrDefault(partition, next);
        for (var source : batch) {
            taken += Sizes.of(source);
        }
    }

    /** How many bytes were read since the last time it was asked. */
    long taken() {
        var since = taken;
        taken = 0;
        return since;
    }

    /** Takes records in the order of the log. */
    interface Reader {
        void read(List<ConsumerRecord<byte[], byte[]>> batch) throws InterruptedException;
    }

    /** All that stands there now. Reading it moves the position. */
    WholeLog whole() {
        return WholeLog.now(consumer, partition);
    }

    /** Reads it, and is then where it ends. */
    void read(WholeLog whole, BooleanSupplier goesOn, Reader reader) throws InterruptedException {
        next = new OffsetAndMetadata(whole.end());
        whole.read(goesOn, (batch, within) -> {
            took(batch);
            reader.read(within);
            pace.read(taken());
        });
        seek(next.offset() == whole.end() ? next : new OffsetAndMetadata(whole.end()));
    }

    @Override
    public void close() {
        consumer.close();
    }
}
