package dev.photon.executor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * What the transactions of one consumer take of its lanes: all that is finished, but for what does not fit, and for what
 * lies behind an output that Kafka does not take now. On the consumer's thread.
 */
final class TransactionBatches {
    private final Map<TopicPartition, Lane> lanes;
    private final OutputTopics topics;
    private final LongSupplier nanos;
    /** Outputs that Kafka did not take: others go without them for a while. */
    private final IdentityHashMap<Held, Rest> resting = new IdentityHashMap<>();

    private int turn;

    /**
     * @param lanes those that are the consumer's, as they are at any moment
     * @param nanos a monotonic clock
     */
    TransactionBatches(Map<TopicPartition, Lane> lanes, OutputTopics topics, LongSupplier nanos) {
        this.lanes = lanes;
        this.topics = topics;
        this.nanos = nanos;
    }

    /**
     * What the next transaction takes. Looks for topics, if it must, while it holds up no lane.
     *
     * @param due whether it takes what nobody waits for, too
     */
    Map<TopicPartition, Batch> next(Collection<TopicPartition> partitions, boolean due) {
        var batches = ofKnownTopics(partitions, due);
        return topics.findMissed() ? next(partitions, due) : batches;
    }

    private Map<TopicPartition, Batch> ofKnownTopics(Collection<TopicPartition> partitions, boolean due) {
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

    void committed(Map<TopicPartition, Batch> batches) {
        batches.forEach((partition, batch) -> {
            batch.outputs().values().forEach(output -> {
                topics.took(output.message().topic());
                resting.remove(output);
            });
            lanes.get(partition).committed(batch);
        });
    }

    /** One output that ended the transaction of these batches: the next goes without it. */
    void refused(TransactionalProducer.Refused output, Map<TopicPartition, Batch> batches) {
        if (output.isTooLarge()) {
            lanes.get(output.partition()).tooLarge(output.offset());
        } else if (output.isOfItsTopic()) {
            topics.failed(output.topic());
        } else {
            var held = batches.get(output.partition()).outputs().get(output.offset());
            resting.computeIfAbsent(held, first -> new Rest(nanos)).failed();
        }
    }

    /** Partitions were let go: what is still held back here rests no longer than it takes to be refused again. */
    void forget() {
        resting.clear();
    }
}
