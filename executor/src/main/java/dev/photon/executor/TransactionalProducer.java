package dev.photon.executor;

import dev.photon.protocol.KafkaConnection;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A producer that is opened when the first transaction begins, and anew, under the same name, after one that could not be
 * aborted: that aborts it. For one thread.
 */
final class TransactionalProducer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionalProducer.class);

    private final Supplier<Producer<byte[], byte[]>> opening;
    private Optional<Producer<byte[], byte[]>> opened = Optional.empty();

    /** An output that Kafka did not take, and whose it is. */
    record Refused(TopicPartition partition, long offset, String topic, Exception failure) {
        boolean isTooLarge() {
            return failure instanceof RecordTooLargeException;
        }

        /** Whether its topic is not there for us, so that nothing that goes there is taken. */
        boolean isOfItsTopic() {
            return failure instanceof InvalidTopicException
                    || failure instanceof TopicAuthorizationException
                    || failure instanceof UnknownTopicOrPartitionException;
        }
    }

    TransactionalProducer(Supplier<Producer<byte[], byte[]>> opening) {
        this.opening = opening;
    }

    /** All that a transaction takes has to be over before its coordinator loses patience. */
    static Producer<byte[], byte[]> open(KafkaConnection kafka, String id) {
        return kafka.producer(
                id,
                Map.of(
                        "transactional.id", id,
                        "transaction.timeout.ms", "10000",
                        "max.block.ms", "5000",
                        "request.timeout.ms", "3000",
                        "delivery.timeout.ms", "6000"));
    }

    /** Whether a failure says that the consumer is not, or not yet, the member of its group that it takes itself for. */
    static boolean isNotOurs(Exception failure) {
        return failure instanceof CommitFailedException;
    }

    void begin() {
        if (opened.isEmpty()) {
            var producer = opening.get();
            opened = Optional.of(producer);
            producer.initTransactions();
        }
        opened.get().beginTransaction();
    }

    /**
     * Sends the outputs of each partition in the order of their offsets, and awaits their acknowledgement.
     *
     * @return the first that was not taken; empty when all were
     */
    Optional<Refused> send(Map<TopicPartition, Batch> batches) {
        var producer = opened.orElseThrow();
        var refused = new ConcurrentLinkedQueue<Refused>();
        for (var batch : batches.entrySet()) {
            for (var output : batch.getValue().outputs().entrySet()) {
                if (!refused.isEmpty()) {
                    return first(refused);
                }
                send(producer, batch.getKey(), output.getKey(), output.getValue(), refused);
            }
        }
        producer.flush();
        return first(refused);
    }

    private static void send(
            Producer<byte[], byte[]> producer,
            TopicPartition partition,
            long offset,
            Held output,
            Queue<Refused> refused) {
        var message = output.message();
        try {
            producer.send(message, (metadata, failure) -> {
                if (failure != null) {
                    refused.add(new Refused(partition, offset, message.topic(), failure));
                }
            });
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            refused.add(new Refused(partition, offset, message.topic(), e));
        }
    }

    /** After the first failure the others only say that there was one. */
    private static Optional<Refused> first(Queue<Refused> refused) {
        return Optional.ofNullable(refused.peek());
    }

    /**
     * @throws CommitFailedException when the partitions are not the member's
     */
    void sendOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata member) {
        if (member.generationId() < 0 || member.memberId().isEmpty()) {
            // Of one that claims to be no member Kafka asks nothing.
            throw new CommitFailedException("the consumer is in no group");
        }
        opened.orElseThrow().sendOffsetsToTransaction(offsets, member);
    }

    /** @throws KafkaException when it is not known whether it is committed */
    void commit() {
        opened.orElseThrow().commitTransaction();
    }

    void abort() {
        if (opened.isEmpty()) {
            return;
        }
        try {
            opened.get().abortTransaction();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            LOG.atDebug()
                    .addKeyValue("error", e.toString())
                    .log("a transaction is aborted by the producer that follows");
            leave();
        }
    }

    /** Ends at once, whatever goes on. */
    void leave() {
        opened.ifPresent(producer -> producer.close(Duration.ZERO));
        opened = Optional.empty();
    }

    @Override
    public void close() {
        opened.ifPresent(producer -> producer.close(Duration.ofSeconds(2)));
        opened = Optional.empty();
    }
}
