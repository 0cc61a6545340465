package dev.photon.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.ConsumerThread;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Malformed;
import dev.photon.protocol.Result;
import dev.photon.protocol.ResultCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds answers on {@code photon.results}, by a few threads that each have a consumer. An answer lies behind the note that
 * its call was accepted, so it is looked for from there on, and the next time from where that look ended. Thread-safe.
 *
 * <pre>
 *  log's start ┃      note        ...       answer          ┃ end
 *      before it: gone   └ another id: nothing  └ found       └ noted, and no answer yet
 * </pre>
 */
final class ResultReader implements AutoCloseable {
    private static final int READERS = 2;
    private static final int MOST_WAITING = 256;
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(100);
    /** Without any record. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** After which a look makes room for others, and goes on the next time. */
    private static final Duration SLICE = Duration.ofSeconds(1);
    /** After which an idle thread closes its consumer. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    private static final Map<String, String> SETTINGS = Map.of(
            // A consumer waits for the fetch on its way before it asks for another place.
            "fetch.max.wait.ms", "20",
            "fetch.max.bytes", "1048576",
            "max.partition.fetch.bytes", "1048576",
            // Whoever asks waits for no longer.
            "default.api.timeout.ms", "5000",
            "request.timeout.ms", "4000");

    private final KafkaConnection kafka;
    private final String topic;
    private final String name;
    private final LinkedBlockingQueue<Look> queue = new LinkedBlockingQueue<>(MOST_WAITING);
    private final LookedAt lookedAt = new LookedAt();
    private final Malformed malformed = new Malformed();
    private final List<ConsumerThread> threads = new ArrayList<>();
    private volatile boolean closed;

    /** What is known of an asynchronous call. */
    sealed interface Found {
        record Running(Result.Accepted accepted) implements Found {}

        /**
         * @param storedMillis when the answer was stored, since 1970-01-01T00:00Z
         */
        record Done(Result.Answered answered, long storedMillis) implements Found {}

        /** There was never such a call. */
        record Nothing() implements Found {}

        /** What there was is not kept any longer. */
        record Gone() implements Found {}

        /** The log cannot be read now. */
        record Unknown() implements Found {}
    }

    /**
     * @param asked on {@link System#nanoTime}'s clock
     */
    private record Look(ResultPlace place, Consumer<Found> receiver, long asked) {
        /** Whether those before it took so long that it is of no use. */
        boolean isStale() {
            return System.nanoTime() - asked > PATIENCE.toNanos();
        }
    }

    ResultReader(KafkaConnection kafka, String topic, String instance) {
        this.kafka = kafka;
        this.topic = topic;
        this.name = "results-" + instance;
        for (int number = 0; number < READERS; number++) {
            var term = new Term();
            term.thread = new ConsumerThread(kafka, name + "-" + number, GRACE, term);
            threads.add(term.thread);
        }
        threads.forEach(ConsumerThread::start);
    }

    /**
     * Looks for an answer. Never blocks.
     *
     * @param receiver is told on any thread, once
     * @return whether it will be; it will not when too many wait already
     */
    boolean find(ResultPlace place, Consumer<Found> receiver) {
        var offered = queue.offer(new Look(place, receiver, System.nanoTime()));
        if (closed) {
            tellOfTheEnd();
        }
        return offered;
    }

    long malformedRecords() {
        return malformed.count();
    }

    /** One consumer's life, which begins when there is something to look for. */
    private final class Term implements ConsumerThread.Term {
        private ConsumerThread thread;

        @Override
        public void run() throws InterruptedException {
            var first = next(POLL);
            if (first == null) {
                return;
            }
            var next = first;
            try (var opened = kafka.consumer(name, SETTINGS)) {
                while (next != null && thread.goesOn()) {
                    next.receiver().accept(next.isStale() ? new Found.Unknown() : find(opened, next.place()));
                    next = next(IDLE);
                }
            } finally {
                if (next != null) {
                    next.receiver().accept(new Found.Unknown());
                }
            }
        }

        private Look next(Duration within) throws InterruptedException {
            var until = System.nanoTime() + within.toNanos();
            Look next = null;
            while (next == null && thread.goesOn() && System.nanoTime() - until < 0) {
                next = queue.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
            }
            return next;
        }

        private Found find(KafkaConsumer<byte[], byte[]> opened, ResultPlace place) {
            if (place.partition() >= opened.partitionsFor(topic).size()) {
                return new Found.Nothing();
            }
            var partition = new TopicPartition(topic, place.partition());
            opened.assign(List.of(partition));
            if (place.offset() < opened.beginningOffsets(List.of(partition)).get(partition)) {
                return new Found.Gone();
            }
            var end = opened.endOffsets(List.of(partition)).get(partition);
            if (place.offset() >= end) {
                return new Found.Nothing();
            }
            return new Search(place, lookedAt.of(place)).run(opened, partition, end, thread);
        }
    }

    /** One look through the log. */
    private final class Search {
        private final ResultPlace place;
        private final byte[] key;
        private Optional<Result.Accepted> accepted;
        private long position;

        Search(ResultPlace place, Optional<LookedAt.Seen> seen) {
            this.place = place;
            this.key = place.id().getBytes(UTF_8);
            this.accepted = seen.map(LookedAt.Seen::accepted);
            this.position = seen.map(LookedAt.Seen::next).orElse(place.offset());
        }

        Found run(KafkaConsumer<byte[], byte[]> opened, TopicPartition partition, long end, ConsumerThread thread) {
            opened.seek(partition, position);
            var begun = System.nanoTime();
            var progress = begun;
            while (position < end && (accepted.isEmpty() || System.nanoTime() - begun < SLICE.toNanos())) {
                if (!thread.goesOn() || System.nanoTime() - progress > PATIENCE.toNanos()) {
                    return new Found.Unknown();
                }
                for (var source : opened.poll(POLL)) {
                    position = source.offset();
                    var found = look(source);
                    if (found.isPresent()) {
                        return found.get();
                    }
                    progress = System.nanoTime();
                }
                position = Math.max(position, opened.position(partition));
            }
            return accepted.<Found>map(note -> {
                        remember(note);
                        return new Found.Running(note);
                    })
                    .orElseGet(Found.Nothing::new);
        }

        private void remember(Result.Accepted note) {
            lookedAt.put(place, new LookedAt.Seen(note, position));
        }

        private Optional<Found> look(ConsumerRecord<byte[], byte[]> source) {
            if (Arrays.equals(key, source.key())) {
                switch (ResultCodec.decode(source)) {
                    case Decoded.Valid<Result> valid -> {
                        return look(valid.value(), source.timestamp());
                    }
                    case Decoded.Malformed<Result> odd -> malformed.skipped(source, odd.reason());
                }
            }
            // The address is made up: what it names is something else.
            return accepted.isEmpty() ? Optional.of(new Found.Nothing()) : Optional.empty();
        }

        private Optional<Found> look(Result result, long storedMillis) {
            return switch (result) {
                case Result.Accepted note -> {
                    accepted = Optional.of(note);
                    yield Optional.empty();
                }
                case Result.Kept kept -> Optional.empty();
                case Result.Answered answered -> {
                    accepted.ifPresent(this::remember);
                    yield Optional.of(new Found.Done(answered, storedMillis));
                }
            };
        }
    }

    @Override
    public void close() {
        closed = true;
        threads.forEach(ConsumerThread::close);
        tellOfTheEnd();
    }

    /** Nobody looks any more. */
    private void tellOfTheEnd() {
        for (var left = queue.poll(); left != null; left = queue.poll()) {
            left.receiver().accept(new Found.Unknown());
        }
    }
}
