package dev.photon.protocol;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads stretches of the log again: a few threads, each with a consumer, which any number of readers share. Each stretch
 * is read as far as its reader takes it, one after the other. Thread-safe.
 */
public final class PieceReaders implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration GRACE = Duration.ofSeconds(2);
    /** Without any record. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** After which an idle thread closes its consumer. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    private static final Map<String, String> SETTINGS = Map.of(
            // A consumer waits for the fetch on its way before it asks for another place.
            "fetch.max.wait.ms", "20", "fetch.max.bytes", "1048576", "max.partition.fetch.bytes", "1048576");

    private final KafkaConnection kafka;
    private final String name;
    private final LinkedBlockingQueue<Reading> queue = new LinkedBlockingQueue<>();
    private final List<ConsumerThread> threads = new ArrayList<>();

    /** A stretch of the log, and who reads it. Called on one of the readers' threads, and never by two at once. */
    public interface Reading {
        TopicPartition partition();

        /** The offset to begin at. */
        long from();

        /** The offset to end before; a record before it is there, or was. */
        long until();

        /** Takes a record, or says no to this one and those after it, for now. */
        boolean take(ConsumerRecord<byte[], byte[]> source);

        /**
         * The reading is over.
         *
         * @param position of the record that was not taken, or {@link #until} or beyond
         */
        void ended(long position);

        /** The stretch cannot be read: it is not there any more, or Kafka does not answer. */
        void failed(Exception reason);
    }

    public PieceReaders(KafkaConnection kafka, String name, int readers) {
        this.kafka = kafka;
        this.name = name;
        for (int i = 0; i < readers; i++) {
            threads.add(thread(name + "-" + i));
        }
        threads.forEach(ConsumerThread::start);
    }

    private ConsumerThread thread(String title) {
        var term = new Term();
        var thread = new ConsumerThread(kafka, title, GRACE, term);
        term.thread = thread;
        return thread;
    }

    /** Queues a stretch. Never blocks. */
    public void read(Reading reading) {
        queue.add(reading);
    }

    /** One consumer's life, which begins when there is something to read. */
    private final class Term implements ConsumerThread.Term {
        private ConsumerThread thread;

        @Override
        public void run() throws InterruptedException {
            var first = next(POLL);
            if (first == null) {
                return;
            }
            try (var opened = kafka.consumer(name, SETTINGS)) {
                var next = first;
                while (next != null && thread.goesOn()) {
                    read(opened, next);
                    next = next(IDLE);
                }
            }
        }

        private Reading next(Duration within) throws InterruptedException {
            var until = System.nanoTime() + within.toNanos();
            Reading next = null;
            while (next == null && thread.goesOn() && System.nanoTime() - until < 0) {
                next = queue.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
            }
            return next;
        }

        private void read(KafkaConsumer<byte[], byte[]> opened, Reading reading) {
            try {
                opened.assign(List.of(reading.partition()));
                opened.seek(reading.partition(), reading.from());
                reading.ended(follow(opened, reading));
            } catch (InvalidOffsetException e) {
                reading.failed(e);
            } catch (InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                reading.failed(e);
                throw e;
            }
        }

        /** Where the reading ends. */
        private long follow(KafkaConsumer<byte[], byte[]> opened, Reading reading) {
            var position = reading.from();
            var progress = System.nanoTime();
            while (position < reading.until()) {
                var goesOn = thread.goesOn();
                for (var source : opened.poll(POLL)) {
                    if (source.offset() >= reading.until() || !reading.take(source)) {
                        return source.offset();
                    }
                }
                var next = opened.position(reading.partition());
                if (next != position) {
                    position = next;
                    progress = System.nanoTime();
                } else if (!goesOn || System.nanoTime() - progress > PATIENCE.toNanos()) {
                    throw new TimeoutException("nothing came from offset " + position);
                }
            }
            return position;
        }
    }

    @Override
    public void close() {
        ConsumerThread.closeAll(threads);
    }
}
