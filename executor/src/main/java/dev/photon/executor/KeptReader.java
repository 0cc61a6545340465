package dev.photon.executor;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.PieceReaders;
import dev.photon.protocol.Result;
import dev.photon.protocol.ResultCodec;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Reads answers to calls with keys where they are known to lie on {@code photon.results}. Thread-safe. */
final class KeptReader implements AutoCloseable {
    private static final int READERS = 2;

    private final String topic;
    private final PieceReaders readers;

    KeptReader(KafkaConnection kafka, String topic, String instance) {
        this.topic = topic;
        this.readers = new PieceReaders(kafka, "answers-kept-" + instance, READERS);
    }

    /**
     * Reads one. Never blocks.
     *
     * @param receiver is told once, on a thread that must not wait; of nothing when it cannot be read
     */
    void read(int partition, long offset, Consumer<Optional<Result.Kept>> receiver) {
        readers.read(new One(new TopicPartition(topic, partition), offset, receiver));
    }

    private static final class One implements PieceReaders.Reading {
        private final TopicPartition partition;
        private final long offset;
        private final Consumer<Optional<Result.Kept>> receiver;
        private Optional<Result.Kept> found = Optional.empty();

        One(TopicPartition partition, long offset, Consumer<Optional<Result.Kept>> receiver) {
            this.partition = partition;
            this.offset = offset;
            this.receiver = receiver;
        }

        @Override
        public TopicPartition partition() {
            return partition;
        }

        @Override
        public long from() {
            return offset;
        }

        @Override
        public long until() {
            return offset + 1;
        }

        @Override
        public boolean take(ConsumerRecord<byte[], byte[]> source) {
            if (ResultCodec.decode(source) instanceof Decoded.Valid<Result> valid
                    && valid.value() instanceof Result.Kept kept) {
                found = Optional.of(kept);
            }
            return true;
        }

        @Override
        public void ended(long position) {
            receiver.accept(found);
        }

        @Override
        public void failed(Exception reason) {
            receiver.accept(Optional.empty());
        }
    }

    @Override
    public void close() {
        readers.close();
    }
}
