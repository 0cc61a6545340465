package dev.photon.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Digest;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkReaderTest {
    private static final TopicPartition PARTITION = new TopicPartition("photon.artifacts", 0);
    private static final byte[] CONTENT = {1, 2, 3};
    private static final Digest DIGEST = Digest.of(CONTENT);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");

    @TempDir
    Path folder;

    @BeforeEach
    void aPartitionWithTheContentAsOneChunk() {
        consumer.assign(List.of(PARTITION));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, 1L));
        consumer.seek(PARTITION, 0);
    }

    @Test
    void whoIsHeldUpWaitsForWhatCameAndNotForNothing() throws Exception {
        var paced = new ArrayList<Integer>();
        consumer.schedulePollTask(() -> {});
        consumer.schedulePollTask(this::arrive);

        assertThat(collect(paced::add)).isTrue();

        assertThat(paced).containsExactly(CONTENT.length);
    }

    private void arrive() {
        var key = Chunking.artifactKey(DIGEST, 0);
        consumer.addRecord(new ConsumerRecord<>(
                PARTITION.topic(),
                PARTITION.partition(),
                0,
                0,
                TimestampType.CREATE_TIME,
                key.length,
                CONTENT.length,
                key,
                CONTENT,
                new RecordHeaders(),
                Optional.empty()));
    }

    private boolean collect(IntConsumer pace) throws Exception {
        var wanted = new ChunkReader.Wanted(CONTENT.length, DIGEST, 1, index -> Chunking.artifactKey(DIGEST, index));
        var file = Files.createFile(folder.resolve("content"));
        try (var into = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return new ChunkReader.Collection(wanted, into, pace).collect(consumer, PARTITION);
        }
    }
}
