package dev.photon.protocol;

import static dev.photon.protocol.TestingRecords.consumed;
import static dev.photon.protocol.TestingRecords.plain;
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
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class InvocationCodecTest {
    private static final Digest DIGEST = Digest.of(new byte[] {1, 2, 3});

    @Property
    void whatAnIngressWritesIsReadTheSame(@ForAll("invocationsOfIngresses") Invocation invocation) {
        var read = valid(InvocationCodec.decode(consumed(InvocationCodec.encode("t", invocation))));

        assertThat(read).usingRecursiveComparison().isEqualTo(invocation);
    }

    @Property
    void whatAPublisherWritesIsReadTheSame(@ForAll("invocationsOfPublishers") Invocation invocation) {
        var read = valid(InvocationCodec.decodeEntry(consumed(InvocationCodec.encode("t", invocation))));

        assertThat(read).usingRecursiveComparison().isEqualTo(invocation);
        assertThat(read.replyTo()).isEqualTo(invocation.replyTo());
    }

    @Property(tries = 5000)
    void decodingGarbageNeverThrows(@ForAll("garbage") ConsumerRecord<byte[], byte[]> garbage) {
        assertThat(InvocationCodec.decode(garbage)).isNotNull();
        assertThat(InvocationCodec.decodeEntry(garbage)).isNotNull();
    }

    @Property
    void decodingADamagedRecordNeverThrows(@ForAll("damaged") ConsumerRecord<byte[], byte[]> damaged) {
        assertThat(InvocationCodec.decode(damaged)).isNotNull();
        assertThat(InvocationCodec.decodeEntry(damaged)).isNotNull();
    }

    @Test
    void anInvocationHasNoKeySoThatTheySpread() {
        assertThat(InvocationCodec.encode("t", ofIngress("id", "/")).key()).isNull();
    }

    @Test
    void aPlainRecordNeedsOnlyAFunctionsName() {
        var read = valid(InvocationCodec.decodeEntry(plain("hello", "ce_photonfunction", "greet")));

        assertThat(read.id()).isEqualTo("photon.in.local-3-42");
        assertThat(read.target()).isEqualTo(new Target.Named("greet", Optional.empty()));
        assertThat(read.deadline()).isEmpty();
        assertThat(read.replyTo()).isEqualTo(new ReplyTo.Nobody());
        assertThat(read.traceparent()).isEmpty();
        assertThat(read.http()).isEqualTo(new Invocation.HttpHead("POST", "", "", List.of()));
        assertThat(new String(read.body(), UTF_8)).isEqualTo("hello");
    }

    @Test
    void aRecordWithoutAValueHasAnEmptyBody() {
        var headers = new RecordHeaders().add("ce_photonfunction", "greet".getBytes(UTF_8));

        assertThat(valid(InvocationCodec.decodeEntry(consumed(null, null, headers)))
                        .body())
                .isEmpty();
    }

    @Test
    void anEntryRecordWithoutAFunctionIsMalformed() {
        assertThat(reason(InvocationCodec.decodeEntry(plain("hello")))).contains("ce_photonfunction");
    }

    @Test
    void headersBetweenIngressAndExecutorAreIgnoredOnAnEntryTopic() {
        var sent = InvocationCodec.encode("t", ofIngress("id", "/fn"));

        var read = valid(InvocationCodec.decodeEntry(consumed(sent)));

        assertThat(read.target()).isEqualTo(new Target.Named("greet", Optional.of("1.0.0")));
        assertThat(read.replyTo()).isEqualTo(new ReplyTo.Nobody());
    }

    @Test
    void invocationsOfIngressesMustBeResolved() {
        var named = plain(
                "",
                "ce_photonschema",
                "1",
                "ce_id",
                "1",
                "ce_photonfunction",
                "greet",
                "ce_photonreplypartition",
                "0",
                "ce_photonreplyinstance",
                "i");

        assertThat(reason(InvocationCodec.decode(named))).contains("ce_photondigest");
    }

    @Test
    void anotherSchemaIsMalformedAndNotGuessedAt() {
        var sent = InvocationCodec.encode("t", ofIngress("id", "/"));
        sent.headers().add("ce_photonschema", "2".getBytes(UTF_8));

        assertThat(reason(InvocationCodec.decode(consumed(sent)))).contains("schema");
    }

    @Test
    void aPathStartsWithASlash() {
        assertThat(reason(InvocationCodec.decodeEntry(
                        plain("", "ce_photonfunction", "greet", "ce_photonpath", "elsewhere"))))
                .contains("ce_photonpath");
    }

    @Test
    void anIdHas1To128Characters() {
        assertThat(valid(InvocationCodec.decode(consumed(InvocationCodec.encode("t", ofIngress("i".repeat(128), "/")))))
                        .id())
                .hasSize(128);
        assertThat(reason(InvocationCodec.decode(
                        consumed(InvocationCodec.encode("t", ofIngress("i".repeat(129), "/"))))))
                .contains("129");
    }

    @Test
    void anEmptyHeaderOfAPublisherSaysAsLittleAsNone() {
        var read = valid(InvocationCodec.decodeEntry(plain(
                "", "ce_photonfunction", "greet", "ce_id", "", "ce_photonversion", "", "ce_photonreplytopic", "")));

        assertThat(read.id()).isEqualTo("photon.in.local-3-42");
        assertThat(read.target()).isEqualTo(new Target.Named("greet", Optional.empty()));
        assertThat(read.replyTo()).isEqualTo(new ReplyTo.Nobody());
    }

    @Test
    void aDeadlineInThePastIsReadAndANegativeOneIsNot() {
        var past = plain("", "ce_photonfunction", "f", "ce_photondeadline", "0");
        var negative = plain("", "ce_photonfunction", "f", "ce_photondeadline", "-1");
        var noTime = plain("", "ce_photonfunction", "f", "ce_photondeadline", "5", "ce_photonremaining", "0");

        assertThat(valid(InvocationCodec.decodeEntry(past)).deadline()).contains(new Deadline(0, Long.MAX_VALUE));
        assertThat(reason(InvocationCodec.decodeEntry(negative))).contains("deadline");
        assertThat(reason(InvocationCodec.decodeEntry(noTime))).contains("deadline");
    }

    @Test
    void ofSeveralHeadersWithOneNameTheLastCountsButHttpFieldsAllDo() {
        var read = valid(InvocationCodec.decodeEntry(plain(
                "",
                "ce_photonfunction",
                "first",
                "http_accept",
                "text/html",
                "ce_photonfunction",
                "last",
                "http_accept",
                "*/*",
                "content-type",
                "text/plain")));

        assertThat(read.target().function()).isEqualTo("last");
        assertThat(read.http().headers())
                .containsExactly(
                        new Header("accept", "text/html"),
                        new Header("accept", "*/*"),
                        new Header("content-type", "text/plain"));
    }

    @Test
    void anEmptyVersionMeansTheLatest() {
        var read = valid(InvocationCodec.decodeEntry(plain("", "ce_photonfunction", "f", "ce_photonversion", "")));

        assertThat(read.target()).isEqualTo(new Target.Named("f", Optional.empty()));
    }

    @Test
    void anEmptyReplyTopicMeansNobody() {
        var read = valid(InvocationCodec.decodeEntry(plain("", "ce_photonfunction", "f", "ce_photonreplytopic", "")));

        assertThat(read.replyTo()).isEqualTo(new ReplyTo.Nobody());
    }

    private static Invocation ofIngress(String id, String path) {
        return new Invocation(
                id,
                "/photon/ingress/a",
                new Target.Resolved("greet", "1.0.0", DIGEST, ViewPosition.of(7)),
                Optional.of(new Deadline(1_000, 500)),
                new ReplyTo.Ingress(2, "a"),
                new Invocation.HttpHead("GET", path, "q=1", List.of(new Header("accept", "*/*"))),
                Optional.empty(),
                new byte[0]);
    }

    @Provide
    Arbitrary<Invocation> invocationsOfIngresses() {
        return Generated.invocationsOfIngresses();
    }

    @Provide
    Arbitrary<Invocation> invocationsOfPublishers() {
        return Generated.invocationsOfPublishers();
    }

    @Provide
    Arbitrary<ConsumerRecord<byte[], byte[]>> garbage() {
        return Generated.garbage();
    }

    @Provide
    Arbitrary<ConsumerRecord<byte[], byte[]>> damaged() {
        return Generated.damaged(Generated.invocationsOfIngresses()
                .map(invocation -> consumed(InvocationCodec.encode("t", invocation))));
    }
}
