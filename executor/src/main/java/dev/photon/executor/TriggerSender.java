package dev.photon.executor;

import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Refusals;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what triggers make of records, outputs and dead letters, again and again until it is acknowledged: the source
 * counts as finished only then. Thread-safe.
 */
final class TriggerSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TriggerSender.class);
    private static final long RETRY_MILLIS = 500;
    private static final long MOST_RETRY_MILLIS = 8_000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final Refusals refusals;
    private final ScheduledExecutorService timer;
    private final AtomicLong failed = new AtomicLong();
    /** Topics of which nothing is known, and a send would wait for it; as many as rules name. */
    private final Set<String> away = ConcurrentHashMap.newKeySet();

    /** What becomes of one record. One of the last three is called, once, on any thread, and must not block. */
    interface Ending {
        /** Whether to go on; false once its source is someone else's. */
        boolean wanted();

        void acknowledged();

        /** The topic takes no record that large. */
        void tooLarge();

        /** It was not wanted any more. */
        void left();
    }

    /** @param timer for what waits for its next attempt; not closed with this */
    TriggerSender(KafkaConnection kafka, String instance, ScheduledExecutorService timer) {
        this.producer = kafka.producer("triggers-" + instance, Map.of());
        this.refusals = new Refusals(kafka);
        this.timer = timer;
    }

    /** Returns within half a second, and at once unless the topic is a new one. */
    void send(ProducerRecord<byte[], byte[]> message, Ending ending) {
        if (away.contains(message.topic())) {
            later(message, ending, RETRY_MILLIS);
        } else {
            send(message, ending, RETRY_MILLIS);
        }
    }

    private void send(ProducerRecord<byte[], byte[]> message, Ending ending, long wait) {
        if (!ending.wanted()) {
            ending.left();
            return;
        }
        try {
            producer.send(message, (metadata, failure) -> {
                if (failure == null) {
                    away.remove(message.topic());
                    ending.acknowledged();
                } else {
                    failed(message, ending, wait, failure);
                }
            });
        } catch (RuntimeException e) {
            failed(message, ending, wait, e);
        }
    }

    private void failed(ProducerRecord<byte[], byte[]> message, Ending ending, long wait, Exception failure) {
        if (failure instanceof RecordTooLargeException) {
            ending.tooLarge();
            return;
        }
        away.add(message.topic());
        refusals.tell(failure);
        var soFar = failed.incrementAndGet();
        if (Long.bitCount(soFar) == 1) {
            LOG.atWarn()
                    .addKeyValue("topic", message.topic())
                    .addKeyValue("error", failure.toString())
                    .addKeyValue("count", soFar)
                    .log("a trigger's output or dead letter could not be sent, and is tried again");
        }
        later(message, ending, Math.min(MOST_RETRY_MILLIS, 2 * wait));
    }

    /** On threads that may wait for a topic that is not there. After the timer was closed, the source is left as it is. */
    private void later(ProducerRecord<byte[], byte[]> message, Ending ending, long wait) {
        TriggerTimer.after(timer, wait, () -> Thread.startVirtualThread(() -> send(message, ending, wait)));
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
    }
}
