package dev.photon.protocol;

import static dev.photon.protocol.TestingRecords.consumed;
import static dev.photon.protocol.TestingRecords.plain;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntryCodecTest {
    private static final EntryRule RULE = new EntryRule(List.of("greet"), List.of("replies"), 0, 0, 0);
    private static final long NOW = 1_000_000;

    private static boolean isReserved(String topic) {
        return topic.startsWith("photon.");
    }

    private static EntryCodec.Entry decode(ConsumerRecord<byte[], byte[]> source, EntryRule rule) {
        return EntryCodec.decode(source, rule, EntryCodecTest::isReserved, NOW);
    }

    private static Invocation taken(ConsumerRecord<byte[], byte[]> source, EntryRule rule) {
        return switch (decode(source, rule)) {
            case EntryCodec.Taken taken -> taken.invocation();
            case EntryCodec.Refused refused -> throw new AssertionError(refused.reason());
        };
    }

    private static EntryCodec.Refused refused(ConsumerRecord<byte[], byte[]> source) {
        return switch (decode(source, RULE)) {
            case EntryCodec.Taken taken -> throw new AssertionError("taken: " + taken);
            case EntryCodec.Refused refused -> refused;
        };
    }

    private static EntryCodec.Refused refused(String header, String value) {
        return refused(plain("", "ce_photonreplytopic", "replies", "ce_photonfunction", "greet", header, value));
    }

    private static ConsumerRecord<byte[], byte[]> call(String... more) {
        var headers = new String[more.length + 2];
        headers[0] = "ce_photonfunction";
        headers[1] = "greet";
        System.arraycopy(more, 0, headers, 2, more.length);
        return plain("hello", headers);
    }

    @Test
    void aFunctionsNameIsAllThatACallNeeds() {
        var invocation = taken(call(), RULE);

        assertThat(invocation.id()).isEqualTo("photon.in.local-3-42");
        assertThat(invocation.target()).isEqualTo(new Target.Named("greet", Optional.empty()));
        assertThat(invocation.replyTo()).isEqualTo(new ReplyTo.Nobody());
        assertThat(invocation.deadline()).isEmpty();
        assertThat(new String(invocation.body(), UTF_8)).isEqualTo("hello");
    }

    @Test
    void aFunctionThatIsNotOfTheTopicIsNotCalledAndItsPublisherIsTold() {
        var refused = refused(plain("", "ce_photonfunction", "other", "ce_photonreplytopic", "replies", "ce_id", "7"));

        assertThat(refused.kind()).isEqualTo(ErrorKind.FORBIDDEN);
        assertThat(refused.id()).isEqualTo("7");
        assertThat(refused.replyTo()).isEqualTo(new ReplyTo.Topic("replies"));
    }

    @Test
    void anOpenTopicCallsEveryFunctionAndAnswersToAllTopicsButReservedOnes() {
        var anywhere = plain("", "ce_photonfunction", "any", "ce_photonreplytopic", "anywhere");

        assertThat(taken(anywhere, EntryRule.OPEN).replyTo()).isEqualTo(new ReplyTo.Topic("anywhere"));
        assertThat(decode(
                        plain("", "ce_photonfunction", "any", "ce_photonreplytopic", "photon.functions"),
                        EntryRule.OPEN))
                .isInstanceOfSatisfying(
                        EntryCodec.Refused.class,
                        refused -> assertThat(refused.replyTo()).isEqualTo(new ReplyTo.Nobody()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "photon.responses", "a/b", "..", "replies\u0000"})
    void nothingIsSaidWhereNoAnswerMayGo(String topic) {
        var refused = refused(call("ce_photonreplytopic", topic));

        assertThat(refused.replyTo()).isEqualTo(new ReplyTo.Nobody());
        assertThat(refused.reason()).doesNotContain(topic);
    }

    @Test
    void whatIsReservedIsSoWhateverTheRuleSays() {
        var careless = new EntryRule(List.of("greet"), List.of("photon.responses"), 0, 0, 0);

        assertThat(decode(call("ce_photonreplytopic", "photon.responses"), careless))
                .isInstanceOf(EntryCodec.Refused.class);
    }

    @Test
    void whatBelongsBetweenIngressAndExecutorIsIgnored() {
        var invocation = taken(
                call(
                        "ce_photonreplypartition", "1",
                        "ce_photonreplyinstance", "victim",
                        "ce_photonresultpartition", "0",
                        "ce_photonresultopen", "true",
                        "ce_photonpayload", "x",
                        "ce_photonbodypartition", "0",
                        "ce_photondigest", "x",
                        "ce_photonview", "x",
                        "http_photon-forwarded", "us",
                        "http_x-forwarded-prefix", "/admin",
                        "http_authorization", "apikey stolen",
                        "http_connection", "x",
                        "http_kafka-topic", "orders",
                        "http_photon-attempt", "9",
                        "ce_traceparent", "no trace",
                        "http_accept", "*/*"),
                RULE);

        assertThat(invocation.replyTo()).isEqualTo(new ReplyTo.Nobody());
        assertThat(invocation.key()).isEmpty();
        assertThat(invocation.pieces()).isEmpty();
        assertThat(invocation.traceparent()).isEmpty();
        assertThat(invocation.http().headers()).containsExactly(new Header("accept", "*/*"));
    }

    @ParameterizedTest
    @CsvSource({
        "ce_photonfunction, ../greet, BAD_REQUEST",
        "ce_photonmethod, GET /, BAD_REQUEST",
        "ce_photonpath, no-slash, BAD_REQUEST",
        "ce_photonpath, /a?b, BAD_REQUEST",
        "ce_photonpath, /a b, BAD_REQUEST",
        "ce_photonpath, /ä, BAD_REQUEST",
        "ce_photonquery, a#b, BAD_REQUEST",
        "ce_photondeadline, -1, BAD_REQUEST",
        "ce_photondeadline, soon, BAD_REQUEST",
        "http_a b, x, BAD_REQUEST",
        "http_, x, BAD_REQUEST",
    })
    void whatAnIngressWouldNotTakeIsNotTakenHere(String header, String value, ErrorKind kind) {
        var refused = refused(header, value);

        assertThat(refused.kind()).isEqualTo(kind);
        assertThat(refused.replyTo()).isEqualTo(new ReplyTo.Topic("replies"));
        assertThat(refused.reason()).doesNotContain(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce_id", "ce_source", "ce_photonversion", "http_x", "content-type", "ce_photonpath"})
    void linesDoNotEndInAHeader(String header) {
        assertThat(refused(header, "/a\r\nb").kind()).isEqualTo(ErrorKind.BAD_REQUEST);
        assertThat(refused(header, "/a\u0000b").kind()).isEqualTo(ErrorKind.BAD_REQUEST);
    }

    @Test
    void anIdThatIsNotTakenIsNotRepeated() {
        assertThat(refused("ce_id", "a\nb").id()).isEqualTo("photon.in.local-3-42");
        assertThat(refused("ce_id", "i".repeat(129)).id()).isEqualTo("photon.in.local-3-42");
    }

    @Test
    void thereAreBoundsToWhatOneCallSays() {
        var many = new RecordHeaders().add("ce_photonfunction", "greet".getBytes(UTF_8));
        for (int i = 0; i <= RequestFields.MOST; i++) {
            many.add("http_f" + i, new byte[0]);
        }
        assertThat(refused(consumed(null, null, many)).kind()).isEqualTo(ErrorKind.FIELDS_TOO_LARGE);
        assertThat(refused("http_x", "x".repeat(RequestFields.MOST_BYTES)).kind())
                .isEqualTo(ErrorKind.FIELDS_TOO_LARGE);
        assertThat(refused("ce_photonpath", "/" + "x".repeat(RequestFields.MOST_LINE_BYTES))
                        .kind())
                .isEqualTo(ErrorKind.URI_TOO_LONG);
        assertThat(refused(consumed(
                                null,
                                new byte[Invocation.DEFAULT_BODY_BYTES + 1],
                                new RecordHeaders().add("ce_photonfunction", "greet".getBytes(UTF_8))))
                        .kind())
                .isEqualTo(ErrorKind.TOO_LARGE);
    }

    @Test
    void aDeadlineIsNotLaterThanTheTopicAllows() {
        var minute = new EntryRule(List.of("greet"), List.of(), 60_000, 0, 0);

        // The record is of the time 0, as its publisher says.
        assertThat(taken(call(), minute).deadline()).contains(new Deadline(60_000, 60_000));
        assertThat(taken(call("ce_photondeadline", "30000"), minute).deadline()).contains(new Deadline(30_000, 60_000));
        assertThat(taken(call("ce_photondeadline", "90000", "ce_photonremaining", "90000"), minute)
                        .deadline())
                .contains(new Deadline(60_000, 60_000));
    }

    @Test
    void aPublisherWhoseClockIsAheadGetsNoMoreTime() {
        var minute = new EntryRule(List.of("greet"), List.of(), 60_000, 0, 0);

        var early = EntryCodec.decode(call(), minute, EntryCodecTest::isReserved, -5);

        assertThat(((EntryCodec.Taken) early).invocation().deadline()).contains(new Deadline(59_995, 60_000));
    }

    @Test
    void aRuleHasNumbersInTheirRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> new EntryRule(List.of(), List.of(), -1, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new EntryRule(List.of(), List.of(), 0, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new EntryRule(List.of(), List.of(), 0, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new EntryRule(List.of(), List.of(), 0, 1_000_001, 1));
    }

    @Provide
    Arbitrary<ConsumerRecord<byte[], byte[]>> garbage() {
        return Generated.garbage();
    }

    @Provide
    Arbitrary<ConsumerRecord<byte[], byte[]>> damaged() {
        return Generated.damaged(
                Generated.invocationsOfPublishers().map(sent -> consumed(InvocationCodec.encode("t", sent))));
    }

    @Property
    void ofGarbageItIsKnownWhyItDoesNotRun(@ForAll("garbage") ConsumerRecord<byte[], byte[]> garbage) {
        assertThat(answersElsewhere(garbage)).isFalse();
    }

    @Property
    void whateverARecordSaysItIsAnsweredOnlyWhereItMay(@ForAll("damaged") ConsumerRecord<byte[], byte[]> damaged) {
        assertThat(answersElsewhere(damaged)).isFalse();
    }

    private static boolean answersElsewhere(ConsumerRecord<byte[], byte[]> source) {
        var replyTo = switch (decode(source, RULE)) {
            case EntryCodec.Taken taken -> taken.invocation().replyTo();
            case EntryCodec.Refused refused -> refused.replyTo();
        };
        return !replyTo.equals(new ReplyTo.Nobody()) && !replyTo.equals(new ReplyTo.Topic("replies"));
    }
}
