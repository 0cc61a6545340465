package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkingTest {
    private static final int CHUNK = Chunking.CHUNK_BYTES;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1, 5_000_000})
    void chunksInTheirOrderAreTheContent(int size) {
        var content = new byte[size];
        new Random(size).nextBytes(content);
        var joined = new ByteArrayOutputStream();

        for (int index = 0; index < Chunking.count(size); index++) {
            var chunk = Chunking.chunk(ByteBuffer.wrap(content), index);
            assertThat(chunk).hasSizeLessThanOrEqualTo(CHUNK);
            joined.writeBytes(chunk);
        }

        assertThat(joined.toByteArray()).isEqualTo(content);
    }

    @Test
    void thereAreNoMoreChunksThanNeeded() {
        assertThat(Chunking.count(0)).isEqualTo(1);
        assertThat(Chunking.count(1)).isEqualTo(1);
        assertThat(Chunking.count(CHUNK)).isEqualTo(1);
        assertThat(Chunking.count(CHUNK + 1)).isEqualTo(2);
        assertThat(Chunking.count(900_000_000)).isEqualTo(1717);
    }

    @Property
    void aPlaceExistsWhateverTheName(@ForAll String name, @ForAll @IntRange(min = 1, max = 10_000) int partitions) {
        assertThat(Chunking.partition(name, partitions)).isBetween(0, partitions - 1);
    }

    @Test
    void aKeyNamesTheThingAndTheChunk() {
        var digest = Digest.of(new byte[0]);

        assertThat(Chunking.uploadKey("u1", 2)).isEqualTo("u1/2".getBytes(UTF_8));
        assertThat(Chunking.artifactKey(digest, 3)).isEqualTo((digest + "/3").getBytes(UTF_8));
    }
}
