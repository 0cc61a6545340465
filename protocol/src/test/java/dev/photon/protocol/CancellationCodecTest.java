package dev.photon.protocol;

import static dev.photon.protocol.TestingRecords.consumed;
import static dev.photon.protocol.TestingRecords.valid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class CancellationCodecTest {
    @Test
    void namesTheCall() {
        var encoded = CancellationCodec.encode("t", "id-1", "/photon/ingress/a");

        assertThat(encoded.key()).isEqualTo("id-1".getBytes(UTF_8));
        assertThat(encoded.partition()).isZero();
        assertThat(valid(CancellationCodec.decode(consumed(encoded))))
                .isEqualTo(new CancellationCodec.Word("id-1", false));
    }

    @Test
    void aReplayThatIsAwaitedIsNotCancelled() {
        var encoded = CancellationCodec.encodeAwaited("t", "id-1", "/photon/ingress/a");

        assertThat(encoded.partition()).isZero();
        assertThat(valid(CancellationCodec.decode(consumed(encoded))))
                .isEqualTo(new CancellationCodec.Word("id-1", true));
    }

    @Property(tries = 2000)
    void decodingGarbageNeverThrows(@ForAll("garbage") ConsumerRecord<byte[], byte[]> garbage) {
        assertThat(CancellationCodec.decode(garbage)).isNotNull();
    }

    @Provide
    static Arbitrary<ConsumerRecord<byte[], byte[]>> garbage() {
        return Generated.garbage();
    }
}
