package dev.photon.executor.replay;

import dev.photon.protocol.EventCodec;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.OutputCodec;
import dev.photon.protocol.Reply;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Publishes what the candidate answered, in the order of its records, as a trigger's outputs are. Confined to a thread, but
 * for what the producer tells.
 */
final class Outputs implements AutoCloseable {
    private static final int LEAST_REFUSAL = 400;

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final String from;
    private long published;
    private volatile Optional<Exception> failure = Optional.empty();

    /**
     * @param from whom the outputs are: see {@link EventCodec#from}
     */
    Outputs(KafkaConnection kafka, String client, String topic, String from) {
        this.producer =
                kafka.producer(client, Map.of("max.block.ms", "10000", "buffer.memory", Integer.toString(8 << 20)));
        this.topic = topic;
        this.from = from;
    }

    /**
     * What is no success, or empty, is left out.
     *
     * @throws Stopped when the topic takes no more
     */
    void publish(ConsumerRecord<byte[], byte[]> source, Reply.Answer answer) throws Stopped {
        requireNoFailure();
        if (answer.status() >= LEAST_REFUSAL || answer.body().length == 0) {
            return;
        }
        try {
            producer.send(
                    OutputCodec.encode(topic, source, from, answer, EventCodec.traceparent(source)),
                    (metadata, refused) -> {
                        if (refused != null) {
                            failure = Optional.of(refused);
                        }
                    });
        } catch (KafkaException e) {
            failure = Optional.of(e);
            requireNoFailure();
        }
        published++;
    }

    private void requireNoFailure() throws Stopped {
        if (failure.isPresent()) {
            throw new Stopped(
                    failure.get() instanceof RecordTooLargeException
                            ? "the topic " + topic + " takes no record as large as an answer"
                            : "outputs cannot be published to " + topic + ": "
                                    + failure.get().getMessage());
        }
    }

    /** Waits until all are acknowledged. */
    void flush() throws Stopped {
        producer.flush();
        requireNoFailure();
    }

    long published() {
        return published;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
    }
}
