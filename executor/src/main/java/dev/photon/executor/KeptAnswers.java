package dev.photon.executor;

import dev.photon.protocol.CallKey;
import dev.photon.protocol.ConsumerThread;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.ResultCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Knows where on {@code photon.results} the answers to calls with keys are, of those partitions that are followed. One
 * thread reads them, from their start on; bodies stay in the log. Thread-safe.
 *
 * <p>The keys of all partitions together take a sixteenth of the heap, at 64 to 128 bytes each. When there are more, nothing
 * more is read until some are too old, and nothing is forgotten.
 */
final class KeptAnswers implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration IDLE = Duration.ofMillis(200);
    private static final int SHARE = 16;
    private static final int BYTES = 128;
    private static final long FORGET_NANOS = Duration.ofMinutes(1).toNanos();

    private final KafkaConnection kafka;
    private final String topic;
    private final String name;
    private final Duration kept;
    private final long most = Runtime.getRuntime().maxMemory() / SHARE / BYTES;
    private final Map<Integer, Followed> followed = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Wish> wishes = new ConcurrentLinkedQueue<>();
    /** One for each wish since the thread looked. */
    private final Semaphore news = new Semaphore(0);

    private final ConsumerThread thread;
    /** The thread's own. */
    private final List<Wish> open = new ArrayList<>();

    private boolean begun;
    private long forgotten = System.nanoTime();

    /** A partition that somebody needs. */
    private static final class Followed {
        private final KeyTable table;
        private final AtomicInteger users = new AtomicInteger();
        /** The offset to be read next, once {@link #begun}. Only the thread changes it. */
        private volatile long position = -1;
        /** The thread's own. */
        private boolean begun;

        Followed(KeyTable table) {
            this.table = table;
        }
    }

    /**
     * That a partition is read up to an offset; -1 stands for its end.
     */
    private record Wish(int partition, long offset, CompletableFuture<Void> read) {}

    KeptAnswers(KafkaConnection kafka, String topic, String instance, Duration kept) {
        this.kafka = kafka;
        this.topic = topic;
        this.name = "kept-answers-" + instance;
        this.kept = kept;
        this.thread = new ConsumerThread(kafka, name, GRACE, this::term);
    }

    /** Completes when everything is known that stands on the partition now. Each call wants one of {@link #leave}. */
    CompletableFuture<Void> follow(int partition) {
        synchronized (this) {
            followed.computeIfAbsent(partition, number -> new Followed(new KeyTable(kept)))
                    .users
                    .incrementAndGet();
            if (!begun) {
                begun = true;
                thread.start();
            }
        }
        return wish(partition, -1);
    }

    synchronized void leave(int partition) {
        followed.computeIfPresent(partition, (number, of) -> of.users.decrementAndGet() == 0 ? null : of);
    }

    /** Completes when the offset was read, and everything before it; fails when the partition is left before. */
    CompletableFuture<Void> read(int partition, long offset) {
        var of = followed.get(partition);
        return of != null && of.position > offset
                ? CompletableFuture.completedFuture(null)
                : wish(partition, offset + 1);
    }

    /**
     * Whether no more keys of a function are taken. It may have as many as there is room for others, so that one that takes
     * all it gets leaves half of it, and two leave a third.
     */
    boolean isFull(String hash) {
        var function = CallKey.function(hash);
        var own = followed.values().stream()
                .mapToLong(of -> of.table.size(function))
                .sum();
        return own >= most - countKeys();
    }

    /** The part of the room for keys that is taken, 0 to 1. */
    double fill() {
        return (double) countKeys() / most;
    }

    private CompletableFuture<Void> wish(int partition, long offset) {
        var read = new CompletableFuture<Void>();
        wishes.add(new Wish(partition, offset, read));
        news.release();
        return read;
    }

    /** The offset of the answer to the first call with a key, while it is given. */
    Optional<Long> find(int partition, String hash) {
        return Optional.ofNullable(followed.get(partition))
                .flatMap(of -> of.table.find(hash, System.currentTimeMillis()));
    }

    /** The same, of a call that has just been answered. */
    Optional<Long> first(int partition, String hash) {
        return Optional.ofNullable(followed.get(partition)).flatMap(of -> of.table.first(hash));
    }

    private void term() throws InterruptedException {
        try (var opened = kafka.consumer(name, Map.of("auto.offset.reset", "earliest", "max.poll.records", "2000"))) {
            while (thread.goesOn()) {
                assign(opened);
                take(opened);
                open.removeIf(this::isDone);
                if (countKeys() >= most || followed.isEmpty()) {
                    var ignored = news.tryAcquire(IDLE.toMillis(), TimeUnit.MILLISECONDS);
                } else {
                    opened.poll(POLL).forEach(this::note);
                    positions(opened);
                }
                forgetOld(opened);
            }
        }
    }

    private void assign(KafkaConsumer<byte[], byte[]> opened) {
        var wanted = followed.keySet().stream()
                .map(partition -> new TopicPartition(topic, partition))
                .toList();
        var before = opened.assignment();
        if (before.size() != wanted.size() || !before.containsAll(wanted)) {
            opened.assign(wanted);
            wanted.forEach(partition -> begin(opened, partition));
        } else {
            wanted.stream().filter(this::isNew).forEach(partition -> begin(opened, partition));
        }
    }

    /** Left, and wanted again since. */
    private boolean isNew(TopicPartition partition) {
        var of = followed.get(partition.partition());
        return of != null && !of.begun;
    }

    private void begin(KafkaConsumer<byte[], byte[]> opened, TopicPartition partition) {
        var of = followed.get(partition.partition());
        if (of == null) {
            return;
        }
        if (of.position >= 0) {
            opened.seek(partition, of.position);
        } else {
            opened.seekToBeginning(List.of(partition));
        }
        of.begun = true;
    }

    /** Where a partition ends is asked once for all wishes that came at once. What fails is asked again. */
    private void take(KafkaConsumer<byte[], byte[]> opened) {
        var ends = new HashMap<Integer, Long>();
        news.drainPermits();
        for (var wish = wishes.peek(); wish != null; wish = wishes.peek()) {
            var offset = wish.offset();
            if (offset < 0) {
                offset = ends.computeIfAbsent(wish.partition(), number -> {
                    var partition = new TopicPartition(topic, number);
                    return opened.endOffsets(List.of(partition)).get(partition);
                });
            }
            wishes.remove();
            open.add(new Wish(wish.partition(), offset, wish.read()));
        }
    }

    private void note(ConsumerRecord<byte[], byte[]> source) {
        var of = followed.get(source.partition());
        if (of != null && of.begun) {
            ResultCodec.hash(source).ifPresent(hash -> of.table.add(hash, source.offset(), source.timestamp()));
        }
    }

    private void positions(KafkaConsumer<byte[], byte[]> opened) {
        for (var partition : opened.assignment()) {
            var of = followed.get(partition.partition());
            if (of != null && of.begun) {
                of.position = opened.position(partition);
            }
        }
    }

    private boolean isDone(Wish wish) {
        if (wish.read().isDone()) {
            return true;
        }
        var of = followed.get(wish.partition());
        if (of == null) {
            wish.read().completeExceptionally(new IllegalStateException("the partition is not followed any more"));
        } else if (of.position >= wish.offset()) {
            wish.read().complete(null);
        }
        return wish.read().isDone();
    }

    private long countKeys() {
        return followed.values().stream().mapToLong(of -> of.table.size()).sum();
    }

    private void forgetOld(KafkaConsumer<byte[], byte[]> opened) {
        if (System.nanoTime() - forgotten > FORGET_NANOS) {
            forgotten = System.nanoTime();
            opened.beginningOffsets(opened.assignment()).forEach((partition, start) -> {
                var of = followed.get(partition.partition());
                if (of != null) {
                    of.table.forgetOld(System.currentTimeMillis(), start);
                }
            });
        }
    }

    @Override
    public void close() {
        thread.close();
    }
}
