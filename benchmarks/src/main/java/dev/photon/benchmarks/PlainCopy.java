package dev.photon.benchmarks;

import dev.photon.protocol.KafkaConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/**
 * A loop that consumes and produces on a thread of its own, with the replicator's settings of consumer and producer, but
 * without transactions and without looking at records. Thread-safe.
 */
final class PlainCopy implements AutoCloseable {
    private static final Map<String, String> CONSUMER = Map.of(
            "isolation.level", "read_committed",
            "auto.offset.reset", "earliest",
            "fetch.max.wait.ms", "100",
            "max.poll.records", "2000",
            "max.partition.fetch.bytes", Integer.toString(8 << 20),
            "receive.buffer.bytes", "-1");

    private final String topic;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaConnection to;
    private final LongAdder acknowledged = new LongAdder();
    private final Thread thread;

    PlainCopy(KafkaConnection from, KafkaConnection to, String topic) {
        this.topic = topic;
        this.to = to;
        this.consumer = from.consumer("plain", CONSUMER);
        consumer.assign(List.of(new TopicPartition(topic, 0)));
        this.thread = Thread.ofPlatform().name("plain").start(this::copy);
    }

    /** How many records were written. */
    long records() {
        return acknowledged.sum();
    }

    private void copy() {
        try (consumer;
                var producer = to.producer("plain", Map.of("max.block.ms", "10000"))) {
            while (true) {
                for (var read : consumer.poll(Duration.ofMillis(200))) {
                    producer.send(
                            new ProducerRecord<>(
                                    topic, null, read.timestamp(), read.key(), read.value(), read.headers()),
                            (place, failure) -> acknowledged.increment());
                }
            }
        } catch (WakeupException over) {
            // All was copied.
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
