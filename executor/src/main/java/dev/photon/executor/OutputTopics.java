package dev.photon.executor;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics that transactions write to, as many as a rule names. One that is not there is asked for before something is
 * sent, since a send would wait for it; and what goes elsewhere does not wait for it either. On the consumer's thread.
 */
final class OutputTopics {
    private static final Logger LOG = LoggerFactory.getLogger(OutputTopics.class);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Consumer<byte[], byte[]> consumer;
    private final Predicate<Throwable> refused;
    private final LongSupplier nanos;
    private final Map<String, State> states = new HashMap<>();
    /** What was asked for, and is to be looked for. */
    private final Set<String> missed = new HashSet<>();

    private long notFound;

    private record State(boolean there, Rest rest) {}

    /**
     * @param refused tells whether a failure is a refusal, and tells the operator
     * @param nanos a monotonic clock
     */
    OutputTopics(Consumer<byte[], byte[]> consumer, Predicate<Throwable> refused, LongSupplier nanos) {
        this.consumer = consumer;
        this.refused = refused;
        this.nanos = nanos;
    }

    /** Whether it took something last, or looked as if it would. Returns at once. */
    boolean isThere(String topic) {
        var state = states.computeIfAbsent(topic, unknown -> new State(false, new Rest(nanos)));
        if (!state.there() && state.rest().isOver()) {
            missed.add(topic);
        }
        return state.there();
    }

    /**
     * Looks for those that were asked for and were not there when they were last looked for, after a rest. Blocks for half
     * a second for each.
     *
     * @return whether one is there now
     */
    boolean findMissed() {
        var found = missed.stream().filter(this::find).count();
        missed.clear();
        return found > 0;
    }

    private boolean find(String topic) {
        var rest = states.get(topic).rest();
        var found = exists(topic);
        states.put(topic, new State(found, rest));
        if (!found) {
            rest.failed();
            notFound++;
            if (Long.bitCount(notFound) == 1) {
                LOG.atWarn()
                        .addKeyValue("topic", topic)
                        .addKeyValue("count", notFound)
                        .log("a trigger's output or dead letter waits for its topic, which is not there");
            }
        }
        return found;
    }

    private boolean exists(String topic) {
        try {
            var partitions = consumer.partitionsFor(topic, LOOK);
            return partitions != null && !partitions.isEmpty();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            if (!refused.test(e)) {
                LOG.atDebug()
                        .addKeyValue("topic", topic)
                        .addKeyValue("error", e.toString())
                        .log("a topic could not be looked for");
            }
            return false;
        }
    }

    void failed(String topic) {
        var rest = states.get(topic).rest();
        rest.failed();
        states.put(topic, new State(false, rest));
    }

    void took(String topic) {
        states.get(topic).rest().succeeded();
    }
}
