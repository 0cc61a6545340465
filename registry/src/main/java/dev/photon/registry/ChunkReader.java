package dev.photon.registry;

import dev.photon.protocol.Digest;
import dev.photon.protocol.KafkaConnection;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads content back that was written in chunks. Thread-safe: each call has a consumer of its own. */
final class ChunkReader {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final KafkaConnection kafka;

    ChunkReader(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    /** Which content is wanted, and its chunks' keys. */
    record Wanted(long size, Digest digest, int count, KeyOf key) {
        interface KeyOf {
            byte[] of(int index);
        }
    }

    /**
     * Reads a partition from an offset until all chunks were seen or its end is reached; chunks may stand there several
     * times and out of order.
     *
     * @return the content, or empty when a chunk is missing or the digest is another
     */
    Optional<byte[]> read(TopicPartition partition, long from, Wanted wanted) {
        var content = new byte[Math.toIntExact(wanted.size())];
        var keys = new byte[wanted.count()][];
        Arrays.setAll(keys, wanted.key()::of);
        var settings = Map.of("auto.offset.reset", "earliest", "fetch.max.wait.ms", "100");
        try (var consumer = kafka.consumer("chunks", settings)) {
            if (partition.partition()
                    >= consumer.partitionsFor(partition.topic()).size()) {
                return Optional.empty();
            }
            consumer.assign(List.of(partition));
            consumer.seek(partition, from);
            return collect(consumer, partition, content, keys)
                            && Digest.of(content).equals(wanted.digest())
                    ? Optional.of(content)
                    : Optional.empty();
        }
    }

    private static boolean collect(
            KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, byte[] content, byte[][] keys) {
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        var missing = keys.length;
        var giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (missing > 0 && consumer.position(partition) < end && System.nanoTime() < giveUp) {
            for (var source : consumer.poll(Duration.ofMillis(200))) {
                var index = indexOf(keys, source.key());
                if (index >= 0 && fits(content, keys.length, index, source.value())) {
                    System.arraycopy(source.value(), 0, content, index * Chunking.CHUNK_BYTES, source.value().length);
                    keys[index] = null;
                    missing--;
                }
            }
        }
        return missing == 0;
    }

    private static int indexOf(byte[][] keys, byte[] key) {
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != null && Arrays.equals(keys[i], key)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean fits(byte[] content, int count, int index, byte[] chunk) {
        var expected = index < count - 1 ? Chunking.CHUNK_BYTES : content.length - index * Chunking.CHUNK_BYTES;
        return chunk != null && chunk.length == expected;
    }
}
