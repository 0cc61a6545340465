package dev.photon.replicator;

import dev.photon.protocol.Digest;
import dev.photon.protocol.KafkaConnection;
import dev.photon.registry.Checkpoint;
import dev.photon.registry.Mirrored;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/**
 * The copy of another region's functions. One at a time writes it: who opens it fences all before. Confined to the
 * flow's thread.
 */
final class Copy implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Map<String, String> CONSUMER = Map.of(
            "isolation.level", "read_committed",
            "fetch.max.wait.ms", "100",
            "max.poll.records", "2000",
            "default.api.timeout.ms", "10000");

    private final KafkaConnection kafka;
    private final String name;
    private final Mirrored mirrored;
    private final KafkaProducer<byte[], byte[]> producer;

    private Copy(KafkaConnection kafka, String name, Mirrored mirrored, KafkaProducer<byte[], byte[]> producer) {
        this.kafka = kafka;
        this.name = name;
        this.mirrored = mirrored;
        this.producer = producer;
    }

    /**
     * Opens it. What another had begun and not ended is as if it had never been.
     *
     * @param name the same for all that write this copy, and for no others
     */
    static Copy open(KafkaConnection kafka, String name, Mirrored mirrored) {
        var transactional =
                Map.of("transactional.id", name, "transaction.timeout.ms", "10000", "max.block.ms", "10000");
        var copy = new Copy(kafka, name, mirrored, kafka.producer(name, transactional));
        try {
            copy.producer.initTransactions();
            return copy;
        } catch (RuntimeException e) {
            copy.close();
            throw e;
        }
    }

    /**
     * What is known of it.
     *
     * @param checkpoint how far it goes
     */
    record Extent(boolean isEmpty, Optional<Checkpoint> checkpoint) {}

    Extent extent(BooleanSupplier goesOn) throws InterruptedException {
        var last = new Last();
        read(goesOn, last);
        return new Extent(last.empty, last.checkpoint);
    }

    private static final class Last implements Each {
        private boolean empty = true;
        private Optional<Checkpoint> checkpoint = Optional.empty();

        @Override
        public void read(ConsumerRecord<byte[], byte[]> source) {
            empty = false;
            checkpoint = Mirrored.checkpoint(source).or(() -> checkpoint);
        }
    }

    /** By key, what the last record says that stands there. */
    Map<ByteBuffer, Digest> prints(BooleanSupplier goesOn) throws InterruptedException {
        var prints = new HashMap<ByteBuffer, Digest>();
        read(goesOn, source -> {
            if (source.key() == null || Mirrored.isCheckpoint(source)) {
                return;
            }
            if (source.value() == null) {
                prints.remove(ByteBuffer.wrap(source.key()));
            } else {
                prints.put(ByteBuffer.wrap(source.key()), Prints.of(source));
            }
        });
        return prints;
    }

    private interface Each {
        void read(ConsumerRecord<byte[], byte[]> source);
    }

    private void read(BooleanSupplier goesOn, Each each) throws InterruptedException {
        var partition = new TopicPartition(mirrored.topic(), 0);
        try (var consumer = kafka.consumer(name, CONSUMER)) {
            consumer.assign(List.of(partition));
            WholeLog.now(consumer, partition).read(goesOn, (batch, within) -> within.forEach(each::read));
        }
    }

    /** Writes these and no more, or nothing; as a {@linkplain #begin transaction}. */
    void write(List<ProducerRecord<byte[], byte[]>> records, Optional<Checkpoint> checkpoint) {
        try (var transaction = begin()) {
            records.forEach(transaction::send);
            transaction.commit(checkpoint);
        }
    }

    /**
     * All that is sent in it is written, or nothing. What its methods throw ends it.
     *
     * @throws ProducerFencedException when another opened the copy
     */
    Transaction begin() {
        try {
            producer.beginTransaction();
            return new Transaction();
        } catch (KafkaException e) {
            throw aborted(e);
        }
    }

    /** Ends without effect when it is closed before it was committed. */
    final class Transaction implements AutoCloseable {
        private boolean over;

        /**
         * @throws ProducerFencedException when another opened the copy
         * @throws KafkaException when nothing of the transaction was written
         */
        void send(ProducerRecord<byte[], byte[]> record) {
            try {
                producer.send(record);
            } catch (KafkaException e) {
                over = true;
                throw aborted(e);
            }
        }

        /**
         * @param checkpoint how far the copy goes then; empty when that is not to be said yet
         * @throws ProducerFencedException when another opened the copy
         * @throws KafkaException when it is not known whether it was written, or it was not
         */
        void commit(Optional<Checkpoint> checkpoint) {
            over = true;
            try {
                checkpoint.map(mirrored::checkpoint).ifPresent(producer::send);
                producer.commitTransaction();
            } catch (KafkaException e) {
                throw aborted(e);
            }
        }

        @Override
        public void close() {
            if (!over) {
                producer.abortTransaction();
            }
        }
    }

    private KafkaException aborted(KafkaException failure) {
        if (failure instanceof InterruptException) {
            return failure;
        }
        if (isFenced(failure)) {
            return new ProducerFencedException(failure.getMessage());
        }
        try {
            producer.abortTransaction();
        } catch (KafkaException | IllegalStateException e) {
            if (isFenced(e)) {
                return new ProducerFencedException(e.getMessage());
            }
            // Whoever opens the copy next ends it.
            failure.addSuppressed(e);
        }
        return failure;
    }

    private static boolean isFenced(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        producer.close(GRACE);
    }
}
