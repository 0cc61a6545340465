package dev.photon.executor;

import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Refusals;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits the lanes of one consumer together with what their records led to. A transaction is opened when all that it
 * needs is there, and no function runs for it:
 *
 * <pre>
 *   begin ─► outputs, in the order of their offsets ─► offsets, as this member of the group ─► commit ─► acknowledged
 *                │ refused                                │ not ours any more                    │ nobody knows
 *                └──────────────► abort ◄─────────────────┘                                      └► all is read anew
 * </pre>
 *
 * <p>All offsets go this way, those that nothing was sent for too: an offset that the consumer committed beside could
 * arrive after a transaction's, and take it back.
 */
final class Transactions implements Commits {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    /** Transactions that are aborted while partitions wait to be let go. */
    private static final int MOST_FAILURES = 5;

    private final TransactionalProducer producer;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Lane> lanes;
    private final OutputTopics topics;
    private final Rest rest;
    private final Predicate<Throwable> refused;
    private final LongSupplier nanos;
    /** Outputs that Kafka did not take: others go without them for a while. */
    private final IdentityHashMap<Held, Rest> resting = new IdentityHashMap<>();

    private int turn;
    private long aborted;
    private boolean over;

    /** Makes those of a consumer that has been opened. */
    interface Opening {
        /** @param lanes those that are the consumer's, as they are at any moment */
        Transactions open(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Lane> lanes);
    }

    /** What became of a transaction is not known: whoever has its partitions next finds out. */
    static final class OutcomeUnknown extends KafkaException {
        private static final long serialVersionUID = 1;

        OutcomeUnknown(Throwable cause) {
            super("the outcome of a transaction is not known", cause);
        }
    }

    /**
     * @param refused tells whether a failure is a refusal, and tells the operator, who alone ends it
     * @param nanos a monotonic clock
     */
    Transactions(
            TransactionalProducer producer,
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Lane> lanes,
            Predicate<Throwable> refused,
            LongSupplier nanos) {
        this.producer = producer;
        this.consumer = consumer;
        this.lanes = lanes;
        this.topics = new OutputTopics(consumer, refused, nanos);
        this.rest = new Rest(nanos);
        this.refused = refused;
        this.nanos = nanos;
    }

    /**
     * Those of one trigger in one executor.
     *
     * @param executor its instance: a name that no other has, nor had
     */
    static Opening of(KafkaConnection kafka, String group, String executor) {
        var refusals = new Refusals(kafka);
        return (consumer, lanes) -> new Transactions(
                new TransactionalProducer(() -> TransactionalProducer.open(kafka, group + "/" + executor)),
                consumer,
                lanes,
                refusals::tell,
                System::nanoTime);
    }

    @Override
    public boolean now(Map<TopicPartition, OffsetAndMetadata> claims) {
        requireGoingOn();
        if (claims.isEmpty()) {
            return true;
        }
        // What is finished by now comes along: it says all that the claims do.
        return rest.isOver() && commit(batches(claims.keySet(), true));
    }

    @Override
    public void finished(boolean due) {
        requireGoingOn();
        if (rest.isOver()) {
            commit(batches(lanes.keySet(), due));
        }
    }

    /** As many batches as it takes. One that is aborted is made again without what was refused. */
    @Override
    public void last(Collection<TopicPartition> leaving) {
        var failures = 0;
        while (!over && failures < MOST_FAILURES) {
            var batches = batches(leaving, true);
            if (batches.isEmpty()) {
                break;
            }
            failures += commit(batches) ? 0 : 1;
        }
        resting.clear();
    }

    /** What the next transaction takes. */
    private Map<TopicPartition, Batch> batches(Collection<TopicPartition> partitions, boolean due) {
        var room = new TransactionRoom(topics);
        var batches = new HashMap<TopicPartition, Batch>();
        // Another one begins each time, or those in front would take all the room.
        var order = new ArrayList<>(partitions);
        Collections.rotate(order, turn++);
        for (var partition : order) {
            var lane = lanes.get(partition);
            if (lane != null) {
                var batch = lane.batch(output -> isRested(output) && room.takes(output));
                if ((due || !batch.outputs().isEmpty()) && !lane.isCommitted(batch.progress())) {
                    batches.put(partition, batch);
                }
            }
        }
        return batches;
    }

    private boolean isRested(Held output) {
        var rest = resting.get(output);
        return rest == null || rest.isOver();
    }

    private boolean commit(Map<TopicPartition, Batch> batches) {
        if (batches.isEmpty()) {
            return true;
        }
        try {
            return send(batches) && end(batches);
        } catch (OutcomeUnknown | InterruptException e) {
            giveUp();
            throw e;
        }
    }

    /** Whether all of it is sent, and nothing but the word is missing. */
    private boolean send(Map<TopicPartition, Batch> batches) {
        try {
            producer.begin();
            var notTaken = producer.send(batches);
            if (notTaken.isPresent()) {
                producer.abort();
                take(notTaken.get(), batches);
                return false;
            }
            producer.sendOffsets(offsets(batches), consumer.groupMetadata());
            return true;
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            producer.abort();
            failed(e);
            return false;
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(Map<TopicPartition, Batch> batches) {
        return batches.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, batch -> batch.getValue().progress()));
    }

    private boolean end(Map<TopicPartition, Batch> batches) {
        try {
            producer.commit();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            throw new OutcomeUnknown(e);
        }
        rest.succeeded();
        batches.forEach((partition, batch) -> {
            batch.outputs().values().forEach(output -> {
                topics.took(output.message().topic());
                resting.remove(output);
            });
            lanes.get(partition).committed(batch);
        });
        return true;
    }

    /** One output that ended the transaction: the others are sent again. */
    private void take(TransactionalProducer.Refused output, Map<TopicPartition, Batch> batches) {
        if (output.isTooLarge()) {
            lanes.get(output.partition()).tooLarge(output.offset());
            return;
        }
        if (output.isOfItsTopic()) {
            topics.failed(output.topic());
        } else {
            var held = batches.get(output.partition()).outputs().get(output.offset());
            resting.computeIfAbsent(held, first -> new Rest(nanos)).failed();
        }
        tell(output.failure(), output.topic());
    }

    private void failed(Exception failure) {
        if (TransactionalProducer.isNotOurs(failure)) {
            // The next poll tells which partitions are not.
            rest.briefly();
        } else {
            rest.failed();
        }
        tell(failure, "");
    }

    private void tell(Exception failure, String topic) {
        aborted++;
        if (!refused.test(failure) && Long.bitCount(aborted) == 1) {
            LOG.atWarn()
                    .addKeyValue("partitions", lanes.keySet())
                    .addKeyValue("topic", topic)
                    .addKeyValue("error", failure.toString())
                    .addKeyValue("count", aborted)
                    .log("a transaction was aborted, and is made again");
        }
    }

    private void giveUp() {
        over = true;
        lanes.values().forEach(Lane::drop);
        producer.leave();
    }

    private void requireGoingOn() {
        if (over) {
            throw new KafkaException("its transactions are over");
        }
    }

    @Override
    public void close() {
        over = true;
        producer.close();
    }
}
