package dev.photon.protocol;

import static dev.photon.protocol.TestingRecords.consumed;
import static dev.photon.protocol.TestingRecords.reason;
import static dev.photon.protocol.TestingRecords.valid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class PieceCodecTest {
    @Test
    void aPieceIsNamedByItsBodyAndItsPlaceInIt() {
        var encoded = PieceCodec.encode("t", 3, new Piece.Part("of/whom", 7, "bytes".getBytes(UTF_8)));

        assertThat(encoded.key()).isEqualTo("of/whom/7".getBytes(UTF_8));
        assertThat(encoded.partition()).isEqualTo(3);
        assertThat(valid(PieceCodec.decode(consumed(encoded))))
                .usingRecursiveComparison()
                .isEqualTo(new Piece.Part("of/whom", 7, "bytes".getBytes(UTF_8)));
    }

    @Test
    void theEndOfABodySaysHowMuchThereIsOrWhyItIsNotAll() {
        var whole = new Piece.End("id", 3, 150_000, Optional.empty());
        var failed = new Piece.End("id", 3, 150_000, Optional.of(new Reply.Failure(ErrorKind.TIMEOUT, "too slow")));

        assertThat(valid(PieceCodec.decode(consumed(PieceCodec.encode("t", 0, whole)))))
                .isEqualTo(whole);
        assertThat(valid(PieceCodec.decode(consumed(PieceCodec.encode("t", 0, failed)))))
                .isEqualTo(failed);
    }

    @Test
    void aSignOfLifeIsNoPiece() {
        var alive = new Piece.Alive("id");

        assertThat(valid(PieceCodec.decode(consumed(PieceCodec.encode("t", 0, alive)))))
                .isEqualTo(alive);
    }

    @Test
    void aPieceWithoutBytesOrWithoutAPlaceIsMalformed() {
        assertThat(malformed("id/0", "")).contains("ce_photonbodysize is missing");
        assertThat(malformed("id/-1", "x")).contains("number");
        assertThat(malformed("id/99999999999", "x")).contains("number");
        assertThat(malformed("/0", "x")).contains("no piece");
        assertThat(malformed("id", "x")).contains("no piece");
    }

    private static String malformed(String key, String value) {
        return reason(PieceCodec.decode(consumed(key.getBytes(UTF_8), value.getBytes(UTF_8), new RecordHeaders())));
    }

    @Property(tries = 5000)
    void decodingGarbageNeverThrows(@ForAll("garbage") ConsumerRecord<byte[], byte[]> garbage) {
        assertThat(PieceCodec.decode(garbage)).isNotNull();
    }

    @Provide
    static Arbitrary<ConsumerRecord<byte[], byte[]>> garbage() {
        return Generated.garbage();
    }
}
