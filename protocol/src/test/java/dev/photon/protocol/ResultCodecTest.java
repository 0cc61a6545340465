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

class ResultCodecTest {
    private static final Result.Accepted ACCEPTED = new Result.Accepted("0123", false, 1_000);

    @Property
    void theNoteThatACallWasTakenIsReadTheSame(@ForAll boolean open, @ForAll long deadline) {
        var written = new Result.Accepted("0123", open, deadline);

        assertThat(valid(ResultCodec.decode(consumed(ResultCodec.encode("t", "/s", written)))))
                .isEqualTo(written);
    }

    @Property
    void anAnswerIsReadTheSame(@ForAll boolean open, @ForAll("replies") Reply reply) {
        var written = new Result.Answered(open, reply);

        assertThat(valid(ResultCodec.decode(consumed(ResultCodec.encode("t", 1, written)))))
                .usingRecursiveComparison()
                .isEqualTo(written);
    }

    @Property
    void anAnswerThatIsKeptForAKeyIsReadTheSame(@ForAll("keys") CallKey key, @ForAll("replies") Reply reply) {
        var written = new Result.Kept(key, reply);
        var stored = consumed(ResultCodec.encode("t", 1, written));

        assertThat(valid(ResultCodec.decode(stored))).usingRecursiveComparison().isEqualTo(written);
        assertThat(ResultCodec.hash(stored)).contains(key.hash());
    }

    @Test
    void whatIsNotKeptForAKeyHasNoHash() {
        assertThat(ResultCodec.hash(consumed(ResultCodec.encode("t", "/s", ACCEPTED))))
                .isEmpty();
    }

    @Property(tries = 5000)
    void decodingGarbageNeverThrows(@ForAll("garbage") ConsumerRecord<byte[], byte[]> garbage) {
        assertThat(ResultCodec.decode(garbage)).isNotNull();
    }

    @Test
    void theKeyIsTheInvocationId() {
        assertThat(ResultCodec.encode("t", "/s", ACCEPTED).key()).isEqualTo("0123".getBytes(UTF_8));
    }

    @Provide
    Arbitrary<CallKey> keys() {
        return Generated.callKeys();
    }

    @Provide
    Arbitrary<Reply> replies() {
        return Generated.replies();
    }

    @Provide
    Arbitrary<ConsumerRecord<byte[], byte[]>> garbage() {
        return Generated.garbage();
    }
}
