package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.Digest;
import dev.photon.protocol.KafkaConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * On which partitions of its artifacts a region keeps what content, by its own word: how many partitions there are may
 * have been another number when the content came. Reads all that the region says of functions, and again when that is
 * too long ago. Thread-safe.
 */
final class Whereabouts {
    private static final Duration POLL = Duration.ofMillis(200);
    /** Without any record. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Much content may be asked for at once. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final KafkaConnection kafka;
    private final TopicPartition functions;
    private final IntConsumer pace;
    private Optional<Map<Digest, Integer>> known = Optional.empty();
    private long knownAt;

    /**
     * @param topic of the region's functions
     * @param pace is told how many bytes came, if any did, and returns when more may be read
     */
    Whereabouts(KafkaConnection kafka, String topic, IntConsumer pace) {
        this.kafka = kafka;
        this.functions = new TopicPartition(topic, 0);
        this.pace = pace;
    }

    /**
     * The partition with the content; empty when the region does not have it, or had not said so ten seconds ago.
     *
     * @throws org.apache.kafka.common.KafkaException when Kafka does not answer
     */
    synchronized OptionalInt of(Digest digest) {
        if (known.isEmpty() || System.nanoTime() - knownAt > FRESH.toNanos()) {
            var read = new Said();
            read(read);
            known = Optional.of(read.partitions());
            knownAt = System.nanoTime();
        }
        var partition = known.get().get(digest);
        return partition == null ? OptionalInt.empty() : OptionalInt.of(partition);
    }

    private void read(Said said) {
        var settings = Map.of(
                "auto.offset.reset", "earliest",
                "isolation.level", "read_committed",
                "fetch.max.wait.ms", "100",
                "max.poll.records", "2000",
                "default.api.timeout.ms", Long.toString(PATIENCE.toMillis()),
                "receive.buffer.bytes", "-1");
        try (var consumer = kafka.consumer("whereabouts", settings)) {
            consumer.assign(List.of(functions));
            consumer.seekToBeginning(List.of(functions));
            long end = consumer.endOffsets(List.of(functions)).get(functions);
            var position = consumer.position(functions);
            var progress = System.nanoTime();
            while (position < end) {
                var bytes = 0;
                for (var source : consumer.poll(POLL)) {
                    bytes += Math.max(0, source.serializedValueSize());
                    said.add(source);
                }
                if (bytes > 0) {
                    pace.accept(bytes);
                }
                var next = consumer.position(functions);
                if (next != position) {
                    position = next;
                    progress = System.nanoTime();
                } else if (System.nanoTime() - progress > PATIENCE.toNanos()) {
                    throw new TimeoutException("nothing of " + functions + " came from offset " + position);
                }
            }
        }
    }

    /** What a region says of where content lies. The last word on each key counts. Confined to its thread. */
    static final class Said {
        private final Map<String, List<Place>> byKey = new HashMap<>();

        private record Place(Digest digest, int partition) {}

        void add(ConsumerRecord<byte[], byte[]> source) {
            if (isAboutPlaces(StateKeys.kind(source.key()))) {
                var key = new String(source.key(), UTF_8);
                var places = places(source);
                if (places.isEmpty()) {
                    byKey.remove(key);
                } else {
                    byKey.put(key, places);
                }
            }
        }

        private static boolean isAboutPlaces(String kind) {
            return switch (kind) {
                case State.VERSION, State.PLACED, State.CONDEMNED -> true;
                default -> false;
            };
        }

        private static List<Place> places(ConsumerRecord<byte[], byte[]> source) {
            return ContentScan.decode(source) instanceof Decoded.Valid<Stamped> valid
                    ? places(valid.value().state()).toList()
                    : List.of();
        }

        private static Stream<Place> places(State state) {
            return switch (state) {
                case State.Version version -> version.manifest().artifacts().map(Said::place);
                case State.Placed placed -> Stream.of(place(placed.artifact()));
                // It lies there for a day.
                case State.Condemnation condemnation ->
                    Stream.of(new Place(
                            condemnation.artifact().digest(),
                            condemnation.artifact().partition()));
                default -> Stream.empty();
            };
        }

        private static Place place(Artifact artifact) {
            return new Place(artifact.digest(), artifact.chunks().partition());
        }

        Map<Digest, Integer> partitions() {
            var partitions = new HashMap<Digest, Integer>();
            byKey.values().stream()
                    .flatMap(List::stream)
                    .forEach(place -> partitions.put(place.digest(), place.partition()));
            return partitions;
        }
    }
}
