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
        var encoded = ReplayCodec.encode("t", until(new Deadline(4, 5)));
        encoded.headers().remove(Headers.DEADLINE);

        assertThat(reason(ReplayCodec.decode(consumed(encoded)))).isEqualTo("header ce_photondeadline is missing");
    }

    private static Replay until(Deadline deadline) {
        return new Replay(
                "r",
                "/",
                new Target.Resolved("f", "1.0.0", Digest.of(new byte[0]), ViewPosition.of(3)),
                Optional.empty(),
                1,
                2,
                Optional.empty(),
                Optional.empty(),
                deadline,
                new ReplyTo.Ingress(0, "i"));
    }

    @Test
    void isGivenUpWhenItsReaderHasWaitedLongEnoughOrItsDeadlineIsOver() {
        var sent = 1_000_000L;
        var long30 = until(new Deadline(sent + 1_800_000, 1_800_000));
        var short1 = until(new Deadline(sent + 1_000, 1_000));

        assertThat(long30.isGivenUp(sent - 5_000)).isFalse();
        assertThat(long30.isGivenUp(sent + 59_999)).isFalse();
        assertThat(long30.isGivenUp(sent + 60_000)).isTrue();
        assertThat(short1.isGivenUp(sent + 999)).isFalse();
        assertThat(short1.isGivenUp(sent + 1_000)).isTrue();
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
