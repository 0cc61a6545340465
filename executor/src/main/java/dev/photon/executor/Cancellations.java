package dev.photon.executor;

import dev.photon.executor.wasm.Watchdog;
import dev.photon.protocol.CancellationCodec;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Malformed;
import dev.photon.protocol.PartitionTail;
import dev.photon.protocol.Replay;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Stops the runs that nobody waits for any more, and remembers which they are for those that have not begun. Every
 * executor hears of all of them. Thread-safe.
 */
final class Cancellations implements AutoCloseable {
    private static final int REMEMBERED = 10_000;

    /** After which nobody reads a report of which nothing is said. */
    private static final long UNHEARD_NANOS = TimeUnit.MILLISECONDS.toNanos(6 * Replay.AWAITED_MILLIS);

    private final Watchdog watchdog;
    private final Malformed malformed;
    private final PartitionTail tail;
    /** The latest. */
    private final Set<String> cancelled = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });

    /** When it was last said that somebody waits for a replay, of those that run here. */
    private final Map<String, Long> awaited = new ConcurrentHashMap<>();

    /** A call looks here before it runs, and usually nobody has cancelled anything. */
    private volatile boolean any;

    Cancellations(KafkaConnection kafka, String topic, String instance, Watchdog watchdog, Malformed malformed) {
        this.watchdog = watchdog;
        this.malformed = malformed;
        this.tail = PartitionTail.open(
                kafka, "cancellations-" + instance, new TopicPartition(topic, 0), PartitionTail.From.END, this::read);
    }

    /** Completes when every cancellation from now on will be heard. */
    CompletableFuture<Void> positioned() {
        return tail.caughtUp();
    }

    /** Whether nobody waits for this one any more. */
    boolean has(String invocationId) {
        if (!any) {
            return false;
        }
        synchronized (cancelled) {
            return cancelled.contains(invocationId);
        }
    }

    /** What is said of a replay that runs here, until that is closed. */
    final class Awaited implements AutoCloseable {
        private final String replayId;

        private Awaited(String replayId) {
            this.replayId = replayId;
        }

        /** Whether nobody reads the report any more: it was said, or nobody has said for 30 s that somebody does. */
        boolean isOver() {
            var heard = awaited.getOrDefault(replayId, Long.MIN_VALUE);
            return has(replayId) || System.nanoTime() - heard > UNHEARD_NANOS;
        }

        @Override
        public void close() {
            awaited.remove(replayId);
        }
    }

    /** Listens for the reader of a report, who is there now. */
    Awaited await(String replayId) {
        awaited.put(replayId, System.nanoTime());
        return new Awaited(replayId);
    }

    private void read(Iterable<ConsumerRecord<byte[], byte[]>> batch, long position) {
        for (var source : batch) {
            switch (CancellationCodec.decode(source)) {
                case Decoded.Valid<CancellationCodec.Word> valid -> hear(valid.value());
                case Decoded.Malformed<CancellationCodec.Word> odd -> malformed.skipped(source, odd.reason());
            }
        }
    }

    private void hear(CancellationCodec.Word word) {
        if (word.awaited()) {
            awaited.computeIfPresent(word.id(), (id, before) -> System.nanoTime());
        } else {
            cancel(word.id());
        }
    }

    /** One that begins just between is missed, and runs to its end. */
    private void cancel(String invocationId) {
        synchronized (cancelled) {
            cancelled.add(invocationId);
        }
        any = true;
        watchdog.cancel(invocationId);
    }

    @Override
    public void close() {
        tail.close();
    }
}
