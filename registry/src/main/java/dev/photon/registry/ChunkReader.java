package dev.photon.registry;

import dev.photon.protocol.Digest;
import dev.photon.protocol.KafkaConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads content back that was written in chunks, into a file: only one fetch of it is in memory. Thread-safe: each call
 * has a consumer of its own.
 */
final class ChunkReader {
    private static final Duration POLL = Duration.ofMillis(200);
    /** Without any record. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final KafkaConnection kafka;
    private final IntConsumer pace;

    ChunkReader(KafkaConnection kafka) {
        this(kafka, bytes -> {});
    }

    /**
     * One that is held up.
     *
     * @param pace is told how many bytes came, if any did, and returns when more may be read
     */
    ChunkReader(KafkaConnection kafka, IntConsumer pace) {
        this.kafka = kafka;
        this.pace = pace;
    }

    /**
     * Which content is wanted.
     *
     * @param count how many chunks it has
     * @param key of a chunk, by its index
     */
    record Wanted(long size, Digest digest, int count, IntFunction<byte[]> key) {}

    /**
     * Reads a partition from an offset until all chunks were seen or its end is reached; chunks may stand there several
     * times and out of order.
     *
     * @param file exists, and has the content when this returns true
     * @return false when a chunk is missing or the digest is another
     * @throws TimeoutException when Kafka does not answer
     * @throws IOException when the disk fails
     */
    boolean read(TopicPartition partition, long from, Wanted wanted, Path file) throws IOException {
        var settings = Map.of(
                "auto.offset.reset", "earliest",
                "isolation.level", "read_committed",
                "fetch.max.wait.ms", "100",
                "default.api.timeout.ms", Long.toString(PATIENCE.toMillis()),
                "fetch.max.bytes", Integer.toString(8 * Chunking.CHUNK_BYTES),
                // The system's own, which grows with the way: from afar, 64 KiB a round trip would be little.
                "receive.buffer.bytes", "-1");
        try (var consumer = kafka.consumer("chunks", settings);
                var into = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            if (partition.partition()
                    >= consumer.partitionsFor(partition.topic()).size()) {
                return false;
            }
            consumer.assign(List.of(partition));
            consumer.seek(partition, from);
            if (!new Collection(wanted, into, pace).collect(consumer, partition)) {
                return false;
            }
        }
        return Digest.of(file).equals(wanted.digest());
    }

    /** Of the chunks of one content, wherever they come from. */
    static final class Collection {
        private final Wanted wanted;
        private final FileChannel into;
        private final IntConsumer pace;
        /** A key is gone when its chunk is there. */
        private final byte[][] keys;

        private int missing;

        Collection(Wanted wanted, FileChannel into, IntConsumer pace) {
            this.wanted = wanted;
            this.into = into;
            this.pace = pace;
            this.keys = new byte[wanted.count()][];
            this.missing = wanted.count();
            Arrays.setAll(keys, wanted.key());
        }

        boolean collect(Consumer<byte[], byte[]> consumer, TopicPartition partition) throws IOException {
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            var position = consumer.position(partition);
            var progress = System.nanoTime();
            while (missing > 0 && position < end) {
                var bytes = 0;
                for (var source : consumer.poll(POLL)) {
                    bytes += Math.max(0, source.serializedValueSize());
                    take(source);
                }
                if (bytes > 0) {
                    // Who waited for nothing would wait for what others read, and take that for Kafka's silence.
                    pace.accept(bytes);
                }
                var next = consumer.position(partition);
                if (next != position) {
                    position = next;
                    progress = System.nanoTime();
                } else if (System.nanoTime() - progress > PATIENCE.toNanos()) {
                    throw new TimeoutException("no chunk of " + partition + " came from offset " + position);
                }
            }
            return missing == 0;
        }

        private void take(ConsumerRecord<byte[], byte[]> source) throws IOException {
            var index = index(source.key());
            if (index < 0 || source.value() == null || source.value().length != Chunking.length(wanted.size(), index)) {
                return;
            }
            var chunk = ByteBuffer.wrap(source.value());
            for (var at = (long) index * Chunking.CHUNK_BYTES; chunk.hasRemaining(); ) {
                at += into.write(chunk, at);
            }
            keys[index] = null;
            missing--;
        }

        private int index(byte[] key) {
            for (int i = 0; i < keys.length; i++) {
                if (keys[i] != null && Arrays.equals(keys[i], key)) {
                    return i;
                }
            }
            return -1;
        }
    }
}
