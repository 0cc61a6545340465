package dev.photon.ingress.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;

import dev.photon.protocol.DeadLetter;
import dev.photon.protocol.DeadLetterCodec;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.RegionConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds dead letters by reading all of {@code photon.dead-letters}, for 10 s at most. Holds no more than what is asked
 * for, and what one fetch brings. Thread-safe.
 */
public final class DeadLetterReader {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Map<String, String> SETTINGS = Map.of(
            "auto.offset.reset", "earliest",
            "isolation.level", "read_committed",
            "fetch.max.bytes", Integer.toString(8 << 20),
            "max.partition.fetch.bytes", Integer.toString(1 << 20),
            "request.timeout.ms", "4000",
            "default.api.timeout.ms", "5000");

    private final RegionConfig region;

    public DeadLetterReader(RegionConfig region) {
        this.region = region;
    }

    /**
     * Which dead letters.
     *
     * @param function of the trigger; all when empty
     * @param topic of the original record; all when empty
     * @param newestFirst the order
     * @param begin the first that is wanted; all when empty
     * @param until that failed then or before, in milliseconds since 1970; all when empty
     * @param limit the most that are wanted, at least 1
     */
    public record Query(
            Optional<String> function,
            Optional<String> topic,
            boolean newestFirst,
            Optional<Rank> begin,
            OptionalLong until,
            int limit) {

        private boolean wants(DeadLetter.Id id) {
            return (function.isEmpty() || function.get().equals(id.function()))
                    && (topic.isEmpty() || topic.get().equals(id.topic()));
        }
    }

    /**
     * What was found.
     *
     * @param next where the next page begins; empty when there is none, or what comes next is not known
     * @param complete false when the time was not enough to look at the whole log: some may be missing, others may be gone
     *     by now
     */
    public record Page(List<Summary> letters, Optional<Rank> next, boolean complete) {}

    /** Lists them, without what their publishers wrote. Blocks while it reads, for about 20 s at most. */
    public Page list(Query query) throws InterruptedException {
        var selection = new Selection(query.newestFirst(), query.begin(), query.until(), query.limit());
        var complete = scan(query::wants, new Listing() {
            @Override
            public void letter(DeadLetter letter, TopicPartition partition, long offset) {
                selection.put(Summary.of(letter, partition, offset));
            }

            @Override
            public void tombstone(DeadLetter.Id id) {
                selection.remove(id);
            }
        });
        return new Page(selection.letters(), complete ? selection.next() : Optional.empty(), complete);
    }

    /**
     * One dead letter.
     *
     * @param complete false when the time was not enough to look at the whole log
     */
    public record Search(Optional<Found> found, boolean complete) {}

    /**
     * @param partition of {@code photon.dead-letters} in which it lies
     */
    public record Found(DeadLetter letter, TopicPartition partition) {}

    /** Finds one, with all that its publisher wrote. Blocks while it reads, for about 20 s at most. */
    public Search find(DeadLetter.Id id) throws InterruptedException {
        var last = new HashMap<DeadLetter.Id, Found>();
        var complete = scan(id::equals, new Listing() {
            @Override
            public void letter(DeadLetter letter, TopicPartition partition, long offset) {
                last.put(id, new Found(letter, partition));
            }

            @Override
            public void tombstone(DeadLetter.Id gone) {
                last.remove(gone);
            }
        });
        return new Search(Optional.ofNullable(last.get(id)), complete);
    }

    /** What the log tells, in its order. */
    private interface Listing {
        void letter(DeadLetter letter, TopicPartition partition, long offset);

        void tombstone(DeadLetter.Id id);
    }

    /**
     * @return whether all of the log was read
     */
    private boolean scan(Predicate<DeadLetter.Id> wanted, Listing listing) throws InterruptedException {
        try (var consumer = consumer()) {
            var topic = region.topics().deadLetters();
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return readBatches(consumer, consumer.endOffsets(partitions), batch -> {
                for (var source : batch) {
                    key(source).filter(wanted).ifPresent(id -> tell(id, source, listing));
                }
            });
        }
    }

    /** A record of ours whose key is none, or that does not decode, is nobody's dead letter. */
    private static Optional<DeadLetter.Id> key(ConsumerRecord<byte[], byte[]> source) {
        return source.key() == null ? Optional.empty() : DeadLetter.Id.parse(new String(source.key(), UTF_8));
    }

    private static void tell(DeadLetter.Id id, ConsumerRecord<byte[], byte[]> source, Listing listing) {
        if (source.value() == null) {
            listing.tombstone(id);
        } else if (DeadLetterCodec.decode(source) instanceof Decoded.Valid<DeadLetter> valid) {
            listing.letter(valid.value(), partition(source), source.offset());
        }
    }

    private static TopicPartition partition(ConsumerRecord<byte[], byte[]> source) {
        return new TopicPartition(source.topic(), source.partition());
    }

    /** Gets whole letters, those of one fetch at a time. */
    public interface Batches {
        void accept(List<DeadLetter> letters) throws InterruptedException;
    }

    /**
     * Reads again what was listed, with all that its publisher wrote; what was replaced or dropped meanwhile may be left
     * out. Blocks while it reads, for about 20 s at most.
     *
     * @return false when the time was not enough for all
     */
    public boolean read(Collection<Summary> listed, Batches reader) throws InterruptedException {
        if (listed.isEmpty()) {
            return true;
        }
        var wanted = listed.stream()
                .collect(groupingBy(Summary::partition, mapping(Summary::offset, toCollection(TreeSet<Long>::new))));
        try (var consumer = consumer()) {
            consumer.assign(wanted.keySet());
            wanted.forEach((partition, offsets) -> consumer.seek(partition, offsets.first()));
            var ends = new HashMap<TopicPartition, Long>();
            wanted.forEach((partition, offsets) -> ends.put(partition, offsets.last() + 1));
            return readBatches(consumer, ends, batch -> {
                var letters = new ArrayList<DeadLetter>();
                for (var source : batch) {
                    if (wanted.get(partition(source)).contains(source.offset())
                            && DeadLetterCodec.decode(source) instanceof Decoded.Valid<DeadLetter> valid) {
                        letters.add(valid.value());
                    }
                }
                reader.accept(letters);
            });
        }
    }

    private interface Reading {
        void accept(ConsumerRecords<byte[], byte[]> batch) throws InterruptedException;
    }

    private static boolean readBatches(
            KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, Reading reading)
            throws InterruptedException {
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (!reached(consumer, ends)) {
            if (System.nanoTime() - until > 0) {
                return false;
            }
            reading.accept(consumer.poll(POLL));
        }
        return true;
    }

    private static boolean reached(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return region.kafka().consumer("dead-letters", SETTINGS);
    }
}
