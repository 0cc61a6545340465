package dev.photon.registry;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/**
 * Writes content in chunks, only a few of them in memory at a time. They need no transaction: they mean nothing until
 * another record names them.
 */
final class ChunkWriter {
    /** The settings of a producer of chunks: what is in flight has a minute, over slow lines, too. */
    static final Map<String, String> PRODUCER =
            Map.of("max.block.ms", "10000", "request.timeout.ms", "30000", "delivery.timeout.ms", "60000");

    /** 4 MiB on their way hide the wait for acknowledgements. */
    private static final int IN_FLIGHT = 8;

    private final Producer<byte[], byte[]> producer;
    private final String topic;

    ChunkWriter(Producer<byte[], byte[]> producer, String topic) {
        this.producer = producer;
        this.topic = topic;
    }

    /** The partition on which all chunks of one thing lie. */
    int partition(String name) {
        return Chunking.partition(name, producer.partitionsFor(topic).size());
    }

    boolean hasPartition(int partition) {
        return partition < producer.partitionsFor(topic).size();
    }

    /**
     * Returns once every chunk is acknowledged.
     *
     * @param key of a chunk, by its index
     * @throws KafkaException when Kafka does not take one
     */
    Manifest.Chunks write(int partition, IntFunction<byte[]> key, ByteBuffer content) throws InterruptedException {
        var count = Chunking.count(content.remaining());
        var sends = new ArrayDeque<Future<RecordMetadata>>();
        var first = Long.MAX_VALUE;
        var last = 0L;
        for (int index = 0; index < count || !sends.isEmpty(); index++) {
            if (index < count) {
                sends.add(producer.send(
                        new ProducerRecord<>(topic, partition, key.apply(index), Chunking.chunk(content, index))));
            }
            if (index >= count || sends.size() == IN_FLIGHT) {
                var offset = Awaited.of(sends.remove()).offset();
                first = Math.min(first, offset);
                last = Math.max(last, offset);
            }
        }
        return new Manifest.Chunks(partition, first, last, count);
    }
}
