package dev.photon.protocol;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;

/**
 * Follows one partition on a thread of its own, assigned and in no group, so that no rebalance ever moves it. When Kafka
 * fails it goes on from where it was, with a new consumer. Thread-safe.
 */
public final class PartitionTail implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final long UNKNOWN = -1;

    /** Where the first read begins. */
    public enum From {
        START,
        END
    }

    /** Takes what was read, on the tail's thread. It must not throw: a reader meets every odd record that exists. */
    public interface Reader {
        /**
         * @param position the offset that will be read next; it also moves over records that are not delivered, such
         *     as transaction markers
         */
        void read(Iterable<ConsumerRecord<byte[], byte[]>> batch, long position);
    }

    private final KafkaConnection kafka;
    private final String name;
    private final TopicPartition partition;
    private final From from;
    private final Reader reader;
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private final ConsumerThread thread;
    private long position = UNKNOWN;

    private PartitionTail(KafkaConnection kafka, String name, TopicPartition partition, From from, Reader reader) {
        this.kafka = kafka;
        this.name = name;
        this.partition = partition;
        this.from = from;
        this.reader = reader;
        this.thread = new ConsumerThread(kafka, name, GRACE, this::readOn);
    }

    /** Opens a tail; what is in open or aborted transactions is not delivered. */
    public static PartitionTail open(
            KafkaConnection kafka, String name, TopicPartition partition, From from, Reader reader) {
        var tail = new PartitionTail(kafka, name, partition, from, reader);
        tail.thread.start();
        return tail;
    }

    /**
     * Completes when the reader has everything that stood in the partition when the tail was opened. For a tail that
     * begins at the end: when everything written from now on will be read. Fails when Kafka refuses us before that, while
     * the tail goes on trying.
     */
    public CompletableFuture<Void> caughtUp() {
        return caughtUp;
    }

    private void readOn() {
        // If the log was cut behind our back, what is left of it is the nearest to where we were.
        var settings = Map.of(
                "isolation.level", "read_committed", "auto.offset.reset", "earliest", "max.poll.records", "2000");
        try (var opened = kafka.consumer(name, settings)) {
            thread.wakes(opened);
            opened.assign(List.of(partition));
            begin(opened);
            follow(opened);
        } catch (AuthenticationException | AuthorizationException e) {
            caughtUp.completeExceptionally(e);
            throw e;
        }
    }

    private void begin(KafkaConsumer<byte[], byte[]> opened) {
        if (position == UNKNOWN) {
            switch (from) {
                case START -> opened.seekToBeginning(List.of(partition));
                case END -> opened.seekToEnd(List.of(partition));
            }
            position = opened.position(partition);
        }
        opened.seek(partition, position);
    }

    private void follow(KafkaConsumer<byte[], byte[]> opened) {
        long end = from == From.END
                ? position
                : opened.endOffsets(List.of(partition)).get(partition);
        while (thread.goesOn()) {
            if (position >= end) {
                caughtUp.complete(null);
            }
            var batch = opened.poll(POLL);
            var next = opened.position(partition);
            reader.read(batch, next);
            position = next;
        }
    }

    /** Stops reading; returns when the thread has ended. */
    @Override
    public void close() {
        thread.close();
    }
}
