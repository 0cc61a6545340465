package dev.photon.executor;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Records with one key, one after the other in the order of their coming; all others beside each other. A line is as
 * long as its records, and gone with the last of them. Thread-safe.
 */
final class KeyLines {
    private final Map<Key, Queue<Runnable>> lines = new HashMap<>();

    /** Kafka keeps the order within a partition, and so do we. */
    private record Key(int partition, ByteBuffer octets) {
        static Optional<Key> of(ConsumerRecord<byte[], byte[]> source) {
            return Optional.ofNullable(source.key()).map(key -> new Key(source.partition(), ByteBuffer.wrap(key)));
        }
    }

    /** Runs the task, on this thread now or on that of whoever {@link #leave}s before it. */
    void enter(ConsumerRecord<byte[], byte[]> source, Runnable task) {
        var key = Key.of(source);
        if (key.isEmpty() || isFirst(key.get(), task)) {
            task.run();
        }
    }

    private synchronized boolean isFirst(Key key, Runnable task) {
        var line = lines.get(key);
        if (line == null) {
            lines.put(key, new ArrayDeque<>(2));
            return true;
        }
        line.add(task);
        return false;
    }

    /** Once for each that has entered, when it is over. */
    void leave(ConsumerRecord<byte[], byte[]> source) {
        Key.of(source).flatMap(this::next).ifPresent(Runnable::run);
    }

    private synchronized Optional<Runnable> next(Key key) {
        var next = Optional.ofNullable(lines.get(key).poll());
        if (next.isEmpty()) {
            lines.remove(key);
        }
        return next;
    }

    /** Whether it would not have to wait. */
    boolean isFree(ConsumerRecord<byte[], byte[]> source) {
        var key = Key.of(source);
        return key.isEmpty() || isFree(key.get());
    }

    private synchronized boolean isFree(Key key) {
        return !lines.containsKey(key);
    }

    /** How many keys have a line. */
    synchronized int size() {
        return lines.size();
    }
}
