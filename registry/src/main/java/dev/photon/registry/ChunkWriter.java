package dev.photon.registry;

import dev.photon.protocol.Digest;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/**
 * Writes a module's chunks. They need no transaction: content-addressed, they mean nothing until a manifest names them.
 */
final class ChunkWriter {
    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final int partitions;

    ChunkWriter(Producer<byte[], byte[]> producer, String topic, int partitions) {
        this.producer = producer;
        this.topic = topic;
        this.partitions = partitions;
    }

    /** Returns once every chunk is acknowledged. */
    Manifest.Chunks write(Digest digest, byte[] content) throws InterruptedException {
        var partition = Chunking.partition(digest.hex(), partitions);
        var sends = IntStream.range(0, Chunking.count(content.length))
                .mapToObj(index -> producer.send(new ProducerRecord<>(
                        topic, partition, Chunking.artifactKey(digest, index), Chunking.chunk(content, index))))
                .toList();
        var first = acknowledged(sends.getFirst()).offset();
        var last = first;
        for (var send : sends) {
            last = acknowledged(send).offset();
        }
        return new Manifest.Chunks(partition, first, last, sends.size());
    }

    private static RecordMetadata acknowledged(Future<RecordMetadata> send) throws InterruptedException {
        try {
            return send.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }
}
