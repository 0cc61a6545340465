package dev.photon.executor;

import dev.photon.protocol.KafkaConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
import org.apache.kafka.common.errors.TimeoutException;
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

    static final Duration DELIVERY = Duration.ofSeconds(6);
    /** How long each step may take but for the delivery. */
    private static final Duration STEP = Duration.ofSeconds(5);

    /** As long as it takes until a broker that died is missed, and another one is the coordinator. */
    static final int MOST_COMMITS = 4;

    private final Supplier<Producer<byte[], byte[]>> opening;
    private final Duration delivery;
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

    /** @param delivery until what was sent is acknowledged, or the transaction is aborted */
    TransactionalProducer(Supplier<Producer<byte[], byte[]>> opening, Duration delivery) {
        this.opening = opening;
        this.delivery = delivery;
    }

    /**
     * Each step has a time of its own. All together may take longer than the coordinator is patient for: it aborts the
     * transaction then, and refuses what follows.
     */
    static Producer<byte[], byte[]> open(KafkaConnection kafka, String id) {
        return kafka.producer(
                id,
                Map.of(
                        "transactional.id",
                        id,
                        "transaction.timeout.ms",
                        "10000",
                        "max.block.ms",
                        Long.toString(STEP.toMillis()),
                        "request.timeout.ms",
                        "3000",
                        "delivery.timeout.ms",
                        Long.toString(DELIVERY.toMillis())));
    }

    /** Whether a failure says that the consumer is not, or not yet, the member of its group that it takes itself for. */
    static boolean isNotOurs(Exception failure) {
        return failure instanceof CommitFailedException;
    }

    void begin() {
        if (opened.isEmpty()) {
            open();
        }
        opened.orElseThrow().beginTransaction();
    }

    private void open() {
        var producer = opening.get();
        opened = Optional.of(producer);
        producer.initTransactions();
    }

    /** Another one, under the same name. Once it is open, what this one began is committed or aborted, and stays so. */
    void openAnew() {
        leave();
        open();
    }

    /**
     * Sends the outputs of each partition in the order of their offsets, and awaits their acknowledgement.
     *
     * @return the first that was not taken; empty when all were
     * @throws TimeoutException when that is not known in time
     */
    Optional<Refused> send(Map<TopicPartition, Batch> batches) {
        var producer = opened.orElseThrow();
        var sent = new ArrayList<Future<?>>();
        var refused = new ConcurrentLinkedQueue<Refused>();
        for (var batch : batches.entrySet()) {
            for (var output : batch.getValue().outputs().entrySet()) {
                if (!refused.isEmpty()) {
                    return first(refused);
                }
                send(producer, batch.getKey(), output.getKey(), output.getValue(), refused)
                        .ifPresent(sent::add);
            }
        }
        await(sent);
        return first(refused);
    }

    /** Instead of a flush, which nothing bounds while the coordinator of brokers before {@code transaction.version=2} is away. */
    private void await(List<Future<?>> sent) {
        var until = System.nanoTime() + delivery.toNanos();
        for (var each : sent) {
            try {
                each.get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                // Its callback has told.
            } catch (java.util.concurrent.TimeoutException e) {
                throw new TimeoutException("outputs were not acknowledged within " + delivery, e);
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
    }

    private static Optional<Future<?>> send(
            Producer<byte[], byte[]> producer,
            TopicPartition partition,
            long offset,
            Held output,
            Queue<Refused> refused) {
        var message = output.message();
        try {
            return Optional.of(producer.send(message, (metadata, failure) -> {
                if (failure != null) {
                    refused.add(new Refused(partition, offset, message.topic(), failure));
                }
            }));
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            refused.add(new Refused(partition, offset, message.topic(), e));
            return Optional.empty();
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

    /**
     * Asks again what is not answered, which Kafka allows of a commit, and of nothing else then.
     *
     * @throws KafkaException when it is not known whether it is committed
     */
    void commit() {
        var producer = opened.orElseThrow();
        for (int asked = 1; ; asked++) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException e) {
                if (asked == MOST_COMMITS) {
                    throw e;
                }
            }
        }
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
        leave(Duration.ZERO);
    }

    /** An interrupt ends the close, and leaves none that could be used. */
    private void leave(Duration patience) {
        var left = opened;
        opened = Optional.empty();
        left.ifPresent(producer -> producer.close(patience));
    }

    @Override
    public void close() {
        leave(Duration.ofSeconds(2));
    }
}
