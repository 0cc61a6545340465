package dev.photon.executor;

import dev.photon.executor.wasm.Unpublished;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Refusals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes events at once, and waits for Kafka to acknowledge them. Thread-safe; the waiting is the run's, on its
 * thread and within its time.
 */
final class EventSender implements EventPublisher, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventSender.class);

    /** A topic that was not there is not waited for again before. */
    private static final long AWAY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final KafkaProducer<byte[], byte[]> producer;
    private final Refusals refusals;
    /** Until when, by topic: as many as functions may name. */
    private final Map<String, Long> away = new ConcurrentHashMap<>();

    private final AtomicLong failed = new AtomicLong();

    EventSender(KafkaConnection kafka, String instance) {
        this.producer = kafka.producer("events-" + instance, Map.of());
        this.refusals = new Refusals(kafka);
    }

    private record Sent(String topic, Future<RecordMetadata> receipt) {}

    @Override
    public void publish(List<ProducerRecord<byte[], byte[]>> events) throws InterruptedException {
        var sent = new ArrayList<Sent>(events.size());
        for (var event : events) {
            var next = send(event);
            sent.add(next);
            // What cannot be sent at all is known already, and the rest would wait as long.
            if (next.receipt().isDone()) {
                await(next);
            }
        }
        for (var each : sent) {
            await(each);
        }
    }

    private Sent send(ProducerRecord<byte[], byte[]> event) throws InterruptedException {
        var topic = event.topic();
        var until = away.get(topic);
        if (until != null) {
            if (System.nanoTime() - until < 0) {
                throw unpublished(topic, ErrorKind.UNAVAILABLE, "it is not there, or Kafka does not answer");
            }
            away.remove(topic);
        }
        try {
            return new Sent(topic, producer.send(event));
        } catch (InterruptException e) {
            // Kafka sets the flag that its own exception stands for.
            Thread.interrupted();
            throw new InterruptedException();
        } catch (KafkaException | IllegalStateException e) {
            throw explained(topic, e);
        }
    }

    private void await(Sent sent) throws InterruptedException {
        try {
            sent.receipt().get();
        } catch (ExecutionException e) {
            throw explained(sent.topic(), e.getCause());
        }
    }

    private Unpublished explained(String topic, Throwable failure) {
        refusals.tell(failure);
        var soFar = failed.incrementAndGet();
        if (Long.bitCount(soFar) == 1) {
            LOG.atWarn()
                    .addKeyValue("topic", topic)
                    .addKeyValue("error", failure.toString())
                    .addKeyValue("count", soFar)
                    .log("a function's events could not be published");
        }
        return switch (failure) {
            case RecordTooLargeException tooLarge ->
                unpublished(topic, ErrorKind.FUNCTION_FAILED, "one is larger than the topic takes");
            case AuthorizationException denied ->
                unpublished(topic, ErrorKind.UNAVAILABLE, "executors may not write there");
            case TimeoutException late -> {
                away.put(topic, System.nanoTime() + AWAY_NANOS);
                yield unpublished(topic, ErrorKind.UNAVAILABLE, "it is not there, or Kafka does not answer");
            }
            default -> unpublished(topic, ErrorKind.UNAVAILABLE, "Kafka does not take them");
        };
    }

    private static Unpublished unpublished(String topic, ErrorKind kind, String why) {
        return new Unpublished(
                kind, "the function's events for the topic '%s' could not be published: %s".formatted(topic, why));
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
    }
}
