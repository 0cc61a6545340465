package dev.photon.executor;

import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Refusals;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
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
 *                │ refused                                │ not ours any more                    │ no answer
 *                └──────────────► abort ◄─────────────────┘                                      └► the group is asked
 * </pre>
 *
 * <p>All offsets go this way, those that nothing was sent for too: an offset that the consumer committed beside could
 * arrive after a transaction's, and take it back.
 */
final class Transactions implements Commits {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    /** Transactions that are aborted while partitions wait to be let go. */
    private static final int MOST_FAILURES = 5;

    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(5);

    private final TransactionalProducer producer;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Lane> lanes;
    private final TransactionBatches batches;
    private final Rest rest;
    private final Predicate<Throwable> refused;
    private final TriggerMeters meters;
    private final LongSupplier nanos;

    private long aborted;
    private boolean over;
    /** When something was committed last, or there was nothing that could be. */
    private long lastSettled;

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
            TriggerMeters meters,
            LongSupplier nanos) {
        this.producer = producer;
        this.consumer = consumer;
        this.lanes = lanes;
        this.batches = new TransactionBatches(lanes, new OutputTopics(consumer, refused, nanos), nanos);
        this.rest = new Rest(nanos);
        this.refused = refused;
        this.meters = meters;
        this.nanos = nanos;
        this.lastSettled = nanos.getAsLong();
    }

    /**
     * Those of one trigger in one executor.
     *
     * @param executor its instance: a name that no other has, nor had
     */
    static Opening of(KafkaConnection kafka, String group, String executor, TriggerMeters meters) {
        var refusals = new Refusals(kafka);
        return (consumer, lanes) -> new Transactions(
                new TransactionalProducer(
                        () -> TransactionalProducer.open(kafka, group + "/" + executor),
                        TransactionalProducer.DELIVERY),
                consumer,
                lanes,
                refusals::tell,
                meters,
                System::nanoTime);
    }

    @Override
    public boolean now(Map<TopicPartition, OffsetAndMetadata> claims) {
        requireGoingOn();
        if (claims.isEmpty()) {
            return true;
        }
        // What is finished by now comes along: it says all that the claims do.
        return rest.isOver() && commit(batches.next(claims.keySet(), true));
    }

    @Override
    public void finished(boolean due) {
        requireGoingOn();
        if (rest.isOver()) {
            commit(batches.next(lanes.keySet(), due));
        }
    }

    /** As many batches as it takes. One that is aborted is made again without what was refused. */
    @Override
    public void last(Collection<TopicPartition> leaving) {
        var failures = 0;
        while (!over && failures < MOST_FAILURES) {
            var next = batches.next(leaving, true);
            if (next.isEmpty()) {
                break;
            }
            failures += commit(next) ? 0 : 1;
        }
        batches.forget();
    }

    /**
     * An eighth of what the outputs in front have waited already: what takes long is waited for in long steps, and takes
     * little longer for it.
     */
    @Override
    public Duration patience() {
        if (lanes.values().stream().noneMatch(Lane::hurries)) {
            lastSettled = nanos.getAsLong();
            return LONGEST_WAIT;
        }
        var wait = Duration.ofNanos((nanos.getAsLong() - lastSettled) / 8);
        return Collections.max(List.of(SHORTEST_WAIT, Collections.min(List.of(LONGEST_WAIT, wait))));
    }

    private boolean commit(Map<TopicPartition, Batch> next) {
        if (next.isEmpty()) {
            return true;
        }
        var begin = nanos.getAsLong();
        var outcome = TransactionOutcome.UNKNOWN;
        try {
            outcome = make(next);
        } catch (RuntimeException | Error e) {
            // It may be committed, and what it sent must not be sent again.
            giveUp();
            throw e;
        } finally {
            meters.ended(outcome, nanos.getAsLong() - begin);
        }
        return outcome == TransactionOutcome.COMMITTED;
    }

    private TransactionOutcome make(Map<TopicPartition, Batch> next) {
        try {
            producer.begin();
            var notTaken = producer.send(next);
            if (notTaken.isPresent()) {
                producer.abort();
                take(notTaken.get(), next);
                return TransactionOutcome.ABORTED;
            }
            producer.sendOffsets(offsets(next), consumer.groupMetadata());
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            producer.abort();
            return failed(e);
        }
        return end(next);
    }

    /** The others are sent again. */
    private void take(TransactionalProducer.Refused output, Map<TopicPartition, Batch> next) {
        batches.refused(output, next);
        if (!output.isTooLarge()) {
            tell(output.failure(), output.topic());
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(Map<TopicPartition, Batch> next) {
        return next.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, batch -> batch.getValue().progress()));
    }

    private TransactionOutcome end(Map<TopicPartition, Batch> next) {
        try {
            producer.commit();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            if (!isCommitted(offsets(next), e)) {
                return failed(e);
            }
        }
        rest.succeeded();
        lastSettled = nanos.getAsLong();
        batches.committed(next);
        return TransactionOutcome.COMMITTED;
    }

    /**
     * What the group says, once nothing can come of the transaction any more. Of partitions that are others' by now it may
     * say something else.
     *
     * @throws OutcomeUnknown when it says one thing of some partitions and another of others, or cannot be asked
     */
    private boolean isCommitted(Map<TopicPartition, OffsetAndMetadata> offsets, Exception unanswered) {
        try {
            producer.openAnew();
            var commits = consumer.committed(offsets.keySet(), LOOK);
            var there = offsets.entrySet().stream()
                    .filter(offset -> offset.getValue().equals(commits.get(offset.getKey())))
                    .count();
            if (there == 0 || there == offsets.size()) {
                return there > 0;
            }
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            unanswered.addSuppressed(e);
        }
        throw new OutcomeUnknown(unanswered);
    }

    private TransactionOutcome failed(Exception failure) {
        tell(failure, "");
        if (TransactionalProducer.isNotOurs(failure)) {
            // The next poll tells which partitions are not.
            rest.briefly();
            return TransactionOutcome.FENCED;
        }
        rest.failed();
        return TransactionOutcome.ABORTED;
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
