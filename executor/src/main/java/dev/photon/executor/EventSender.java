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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Producer;
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

    /** Of events of one topic that are not acknowledged yet: a quarter of what the producer holds for all. */
    private static final int ROOM_BYTES = 8 << 20;

    /** How long an event waits for that room. */
    private static final long ROOM_MILLIS = 500;

    private static final String TOO_MANY = "too many wait for Kafka to take them";

    /** What a record takes beside its data, about. */
    private static final int HEAD_BYTES = 1_024;

    /** A topic that was not there is not waited for again before. */
    private static final long AWAY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Producer<byte[], byte[]> producer;
    private final Refusals refusals;
    /** Until when, by topic: as many as functions may name. */
    private final Map<String, Long> away = new ConcurrentHashMap<>();

    /** By topic, as many as functions may name: one that takes nothing leaves room for the others. */
    private final Map<String, Semaphore> room = new ConcurrentHashMap<>();

    private final AtomicLong failed = new AtomicLong();

    EventSender(KafkaConnection kafka, String instance) {
        this(kafka.producer("events-" + instance, Map.of()), kafka);
    }

    EventSender(Producer<byte[], byte[]> producer, KafkaConnection kafka) {
        this.producer = producer;
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
        var space = room.computeIfAbsent(topic, name -> new Semaphore(ROOM_BYTES));
        var bytes = event.value().length + HEAD_BYTES;
        if (!space.tryAcquire(bytes, ROOM_MILLIS, TimeUnit.MILLISECONDS)) {
            throw unpublished(topic, ErrorKind.UNAVAILABLE, TOO_MANY);
        }
        try {
            return new Sent(topic, producer.send(event, (place, failure) -> space.release(bytes)));
        } catch (InterruptException e) {
            space.release(bytes);
            // Kafka sets the flag that its own exception stands for.
            Thread.interrupted();
            throw new InterruptedException();
        } catch (KafkaException | IllegalStateException e) {
            space.release(bytes);
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
            case BufferExhaustedException full -> unpublished(topic, ErrorKind.UNAVAILABLE, TOO_MANY);
            case TimeoutException late -> {
                away.values().removeIf(until -> System.nanoTime() - until >= 0);
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
