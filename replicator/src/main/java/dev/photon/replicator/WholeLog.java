package dev.photon.replicator;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** A partition as it stands, which is read from its beginning. Confined to its consumer's thread. */
record WholeLog(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, long end) {
    private static final Duration POLL = Duration.ofMillis(200);
    /** Without getting on. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Takes what was read. */
    interface Reader {
        /**
         * @param batch whole, also what stands behind the end
         * @param within the records before the end
         */
        void read(ConsumerRecords<byte[], byte[]> batch, List<ConsumerRecord<byte[], byte[]>> within)
                throws InterruptedException;
    }

    /** With the end that the partition has now. */
    static WholeLog now(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        return new WholeLog(
                consumer, partition, consumer.endOffsets(List.of(partition)).get(partition));
    }

    /**
     * Reads all of it.
     *
     * @throws InterruptedException when it does not go on any more
     * @throws TimeoutException when Kafka does not answer
     */
    void read(BooleanSupplier goesOn, Reader reader) throws InterruptedException {
        consumer.seekToBeginning(List.of(partition));
        var position = consumer.position(partition);
        var progress = System.nanoTime();
        while (position < end) {
            if (!goesOn.getAsBoolean()) {
                throw new InterruptedException("closed");
            }
            var batch = consumer.poll(POLL);
            reader.read(
                    batch,
                    batch.records(partition).stream()
                            .filter(record -> record.offset() < end)
                            .toList());
            var next = consumer.position(partition);
            if (next != position) {
                position = next;
                progress = System.nanoTime();
            } else if (System.nanoTime() - progress > PATIENCE.toNanos()) {
                throw new TimeoutException("nothing of " + partition + " came from offset " + position);
            }
        }
    }
}
