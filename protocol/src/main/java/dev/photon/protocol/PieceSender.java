package dev.photon.protocol;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Writes to {@code photon.bodies} with a producer of its own, so that large bodies and small records do not wait for each
 * other. Thread-safe.
 */
public final class PieceSender implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(2);
    /** What all bodies together have on their way. */
    private static final int BUFFER_BYTES = 16 << 20;

    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;

    public PieceSender(KafkaConnection kafka, String topic, String instance) {
        this.topic = topic;
        // Not at the first use: a producer that is not let in when it asks for its id never asks again.
        this.producer = kafka.producer(
                "bodies-" + instance, Map.of("max.block.ms", "10000", "buffer.memory", Integer.toString(BUFFER_BYTES)));
    }

    /** Hears what became of a piece, on any thread. */
    public interface Receipt {
        void stored(int partition, long offset);

        void failed(Exception reason);
    }

    /** Sends a piece; those of one thread stay in their order. Waits for room, up to 10 s. */
    public void send(int partition, Piece piece, Receipt receipt) {
        try {
            producer.send(
                    PieceCodec.encode(topic, partition, piece),
                    (metadata, failure) -> tell(receipt, metadata, failure));
        } catch (RuntimeException e) {
            receipt.failed(e);
        }
    }

    private static void tell(Receipt receipt, RecordMetadata metadata, Exception failure) {
        if (failure == null) {
            receipt.stored(metadata.partition(), metadata.offset());
        } else {
            receipt.failed(failure);
        }
    }

    /**
     * Sends a piece to the partition that its body's id stands for. Waits as {@link #send(int, Piece, Receipt)} does.
     */
    public void send(Piece piece, Receipt receipt) {
        int partition;
        try {
            partition = Math.floorMod(
                    piece.body().hashCode(), producer.partitionsFor(topic).size());
        } catch (RuntimeException e) {
            receipt.failed(e);
            return;
        }
        send(partition, piece, receipt);
    }

    /** What is not acknowledged within 2 s has failed. */
    @Override
    public void close() {
        producer.close(GRACE);
    }
}
