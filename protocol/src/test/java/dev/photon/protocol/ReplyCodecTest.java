package dev.photon.protocol;

import static dev.photon.protocol.TestingRecords.consumed;
import static dev.photon.protocol.TestingRecords.header;
import static dev.photon.protocol.TestingRecords.reason;
import static dev.photon.protocol.TestingRecords.valid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class ReplyCodecTest {
    private static final Reply.Timing TIMING = new Reply.Timing("e", "slow", 1, 2, 3);

    @Property
    void whatAnExecutorWritesIsReadTheSame(@ForAll("replies") Reply reply) {
        var read = valid(ReplyCodec.decode(consumed(ReplyCodec.encode("t", 1, reply))));

        assertThat(read).usingRecursiveComparison().isEqualTo(reply);
    }

    @Property(tries = 5000)
    void decodingGarbageNeverThrows(@ForAll("garbage") ConsumerRecord<byte[], byte[]> garbage) {
        assertThat(ReplyCodec.decode(garbage)).isNotNull();
    }

    @Property
    void decodingADamagedRecordNeverThrows(@ForAll("damaged") ConsumerRecord<byte[], byte[]> damaged) {
        assertThat(ReplyCodec.decode(damaged)).isNotNull();
    }

    @Test
    void theKeyIsTheInvocationId() {
        assertThat(ReplyCodec.encode("t", null, answer(200)).key()).isEqualTo("id".getBytes(UTF_8));
    }

    @Test
    void aFailureCarriesTheStatusThatHttpWouldGive() {
        var failure = new Reply(
                "id",
                Optional.empty(),
                Optional.empty(),
                new Reply.Failure(ErrorKind.TIMEOUT, "the function ran too long"),
                TIMING);

        var headers = ReplyCodec.encode("t", null, failure).headers();

        assertThat(header(headers, "ce_photonstatus")).contains("504");
        assertThat(header(headers, "ce_photonerror")).contains("timeout");
    }

    @Test
    void aKindOfErrorThatANewerBuildAddedIsInternal() {
        var sent = ReplyCodec.encode("t", null, answer(200));
        sent.headers().add("ce_photonerror", "out-of-luck".getBytes(UTF_8));

        assertThat(valid(ReplyCodec.decode(consumed(sent))).outcome())
                .isEqualTo(new Reply.Failure(ErrorKind.INTERNAL, ErrorKind.INTERNAL.title()));
    }

    @Test
    void aStatusIsFrom200To599() {
        assertThat(reason(ReplyCodec.decode(consumed(ReplyCodec.encode("t", null, answer(199))))))
                .contains("ce_photonstatus");
        assertThat(reason(ReplyCodec.decode(consumed(ReplyCodec.encode("t", null, answer(600))))))
                .contains("ce_photonstatus");
    }

    private static Reply answer(int status) {
        return new Reply(
                "id", Optional.empty(), Optional.empty(), new Reply.Answer(status, List.of(), new byte[0]), TIMING);
    }

    @Provide
    Arbitrary<Reply> replies() {
        return Generated.replies();
    }

    @Provide
    Arbitrary<ConsumerRecord<byte[], byte[]>> garbage() {
        return Generated.garbage();
    }

    @Provide
    Arbitrary<ConsumerRecord<byte[], byte[]>> damaged() {
        return Generated.damaged(Generated.replies().map(reply -> consumed(ReplyCodec.encode("t", null, reply))));
    }
}
