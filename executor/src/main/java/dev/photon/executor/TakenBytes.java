package dev.photon.executor;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * What records of triggers, and what of their outputs is held back, take of the memory of this process: counted, so that
 * no more is taken while it is too much, by those who have more than their part. So it is at most twice what it may be, and
 * nobody stands still for what others have. Thread-safe.
 */
final class TakenBytes {
    private final long most;
    private final AtomicLong taken = new AtomicLong();
    private final AtomicInteger shares = new AtomicInteger();

    /** @param most beyond which no more is taken */
    TakenBytes(long most) {
        this.most = most;
    }

    static long of(ConsumerRecord<byte[], byte[]> source) {
        return of(source.key(), source.value(), source.headers());
    }

    static long of(byte[] key, byte[] value, Headers headers) {
        var size = length(key) + length(value);
        for (var header : headers) {
            size += header.key().length() + length(header.value());
        }
        return size;
    }

    private static long length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    Share share() {
        shares.incrementAndGet();
        return new Share();
    }

    /** That of one partition. */
    final class Share {
        private long bytes;
        private boolean closed;

        /** @param change negative when it is less than before */
        synchronized void add(long change) {
            if (!closed) {
                bytes += change;
                taken.addAndGet(change);
            }
        }

        /** Whether no more should be taken here. */
        synchronized boolean isTooMuch() {
            return taken.get() >= most && bytes >= most / Math.max(1, shares.get());
        }

        /** All of it, and what is said of it later does not count. */
        synchronized void close() {
            if (!closed) {
                closed = true;
                shares.decrementAndGet();
                taken.addAndGet(-bytes);
            }
        }
    }
}
