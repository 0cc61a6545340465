package dev.photon.protocol;

import static dev.photon.protocol.TestingRecords.consumed;
import static dev.photon.protocol.TestingRecords.reason;
import static dev.photon.protocol.TestingRecords.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class ReplayCodecTest {
    @Property
    void comesOutAsItWentIn(@ForAll("replays") Replay replay) {
        assertThat(valid(ReplayCodec.decode(consumed(ReplayCodec.encode("t", replay)))))
                .isEqualTo(replay);
    }

    @Test
    void hasADeadline() {
        var replay = new Replay(
                "r",
                "/",
                new Target.Resolved("f", "1.0.0", Digest.of(new byte[0]), ViewPosition.of(3)),
                Optional.empty(),
                1,
                2,
                Optional.empty(),
                Optional.empty(),
                new Deadline(4, 5),
                new ReplyTo.Ingress(0, "i"));
        var encoded = ReplayCodec.encode("t", replay);
        encoded.headers().remove(Headers.DEADLINE);

        assertThat(reason(ReplayCodec.decode(consumed(encoded)))).isEqualTo("header ce_photondeadline is missing");
    }

    @Property(tries = 2000)
    void decodingGarbageNeverThrows(@ForAll("garbage") ConsumerRecord<byte[], byte[]> garbage) {
        assertThat(ReplayCodec.decode(garbage)).isNotNull();
    }

    @Provide
    static Arbitrary<Replay> replays() {
        return Generated.replays();
    }

    @Provide
    static Arbitrary<ConsumerRecord<byte[], byte[]>> garbage() {
        return Generated.garbage();
    }
}
