package dev.photon.protocol;

import static dev.photon.protocol.TestingRecords.consumed;
import static dev.photon.protocol.TestingRecords.header;
import static dev.photon.protocol.TestingRecords.reason;
import static dev.photon.protocol.TestingRecords.valid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

class DeadLetterCodecTest {
    private static final String TOPIC = "photon.dead-letters";
    private static final DeadLetter.Failure TRAPPED =
            new DeadLetter.Failure(Optional.of("1.0.0"), 4, ErrorKind.FUNCTION_FAILED, "it trapped", 1_000);

    @Property
    void aDeadLetterIsReadAsItWasWritten(@ForAll("letters") DeadLetter letter) {
        var sent = DeadLetterCodec.encode(TOPIC, letter);

        assertThat(new String(sent.key(), UTF_8)).isEqualTo(letter.id().toString());
        assertThat(sent.timestamp()).isEqualTo(letter.failure().failedAt());
        assertThat(sent.value()).isNotNull();
        assertSame(valid(DeadLetterCodec.decode(consumed(sent))), letter);
    }

    @Property
    void onATopicOfTheUsersItHasTheOriginalKey(@ForAll("letters") DeadLetter letter) {
        var sent = DeadLetterCodec.encodeForUser("orders.failed", letter);

        assertThat(Optional.ofNullable(sent.key()))
                .usingRecursiveComparison()
                .isEqualTo(letter.original().key());
        assertSame(valid(DeadLetterCodec.decodeForUser(consumed(sent))), letter);
    }

    @Property
    void theOriginalHeadersStandFirstAndUntouched(@ForAll("letters") DeadLetter letter) {
        var originals = letter.original().headers();

        for (var sent : List.of(
                DeadLetterCodec.encode(TOPIC, letter), DeadLetterCodec.encodeForUser("orders.failed", letter))) {
            assertThat(List.of(sent.headers().toArray()).subList(0, originals.size()))
                    .isEqualTo(originals);
        }
    }

    @Property
    void theDeadLetterOfADeadLetterHoldsTheFirst(@ForAll("letters") DeadLetter first) {
        var once = consumed(DeadLetterCodec.encodeForUser("orders.failed", first));
        var twice = DeadLetter.of("mender", once, TRAPPED);

        var read = valid(DeadLetterCodec.decode(consumed(DeadLetterCodec.encode(TOPIC, twice))));

        assertSame(read, twice);
        assertSame(valid(DeadLetterCodec.decodeForUser(read.source())), first);
    }

    @Property
    void theOriginalRecordComesBack(@ForAll("sources") ConsumerRecord<byte[], byte[]> source) {
        var letter = DeadLetter.of("bill", source, TRAPPED);

        var restored = valid(DeadLetterCodec.decode(consumed(DeadLetterCodec.encode(TOPIC, letter))))
                .source();

        assertThat(restored.topic()).isEqualTo(source.topic());
        assertThat(restored.partition()).isEqualTo(source.partition());
        assertThat(restored.offset()).isEqualTo(source.offset());
        assertThat(restored.timestamp()).isEqualTo(source.timestamp());
        assertThat(restored.key()).isEqualTo(source.key());
        assertThat(restored.value()).isEqualTo(source.value());
        assertThat(restored.headers()).isEqualTo(source.headers());
    }

    @Property
    void decodingGarbageNeverThrows(@ForAll("garbage") ConsumerRecord<byte[], byte[]> garbage) {
        assertThat(DeadLetterCodec.decode(garbage)).isNotNull();
        assertThat(DeadLetterCodec.decodeForUser(garbage)).isNotNull();
    }

    @Property
    void whatIsDamagedIsReadOrRefused(@ForAll("damaged") ConsumerRecord<byte[], byte[]> damaged) {
        assertThat(DeadLetterCodec.decode(damaged)).isNotNull();
    }

    @Property
    void anIdIsReadAsItIsWritten(@ForAll("letters") DeadLetter letter) {
        assertThat(DeadLetter.Id.parse(letter.id().toString())).contains(letter.id());
    }

    @Property
    void anyTextIsAnIdOrNone(@ForAll String text) {
        assertThat(DeadLetter.Id.parse(text).map(DeadLetter.Id::toString)).isIn(Optional.empty(), Optional.of(text));
    }

    @Example
    void whatIsNoIdIsNone() {
        for (var text : List.of("", "a/b/0", "a/b/0/1/2", "/b/0/1", "a//0/1", "a/b/-1/1", "a/b/0/+1", "a/b/01/1")) {
            assertThat(DeadLetter.Id.parse(text)).as(text).isEmpty();
        }
    }

    @Example
    void anOriginalWithoutValueIsNoTombstone() {
        var letter = letter(Optional.of(bytes(3)), List.of(), Optional.empty());

        var sent = DeadLetterCodec.encode(TOPIC, letter);

        assertThat(sent.value()).isEmpty();
        assertThat(header(sent.headers(), "photon-value")).contains("none");
        assertThat(DeadLetterCodec.tombstone(TOPIC, letter.id()).key()).isEqualTo(sent.key());
        assertThat(DeadLetterCodec.tombstone(TOPIC, letter.id()).value()).isNull();
    }

    @Example
    void aTombstoneIsNoDeadLetter() {
        var letter = letter(Optional.empty(), List.of(), Optional.of(bytes(1)));
        var sent = DeadLetterCodec.encode(TOPIC, letter);

        assertThat(reason(DeadLetterCodec.decode(consumed(sent.key(), null, sent.headers()))))
                .isEqualTo("there is no value");
    }

    @Example
    void theRecordOfAnotherIsRefused() {
        var sent = DeadLetterCodec.encode(TOPIC, letter(Optional.empty(), List.of(), Optional.of(bytes(1))));

        assertThat(reason(DeadLetterCodec.decode(consumed("a/b/0/1".getBytes(UTF_8), sent.value(), sent.headers()))))
                .isEqualTo("key and headers are not of one thing");
    }

    @Example
    void aValueThatDoesNotFitIsLeftOut() {
        var letter = letter(Optional.of(bytes(3)), headers(10), Optional.of(bytes(KafkaConnection.RECORD_BYTES)));

        var read = valid(DeadLetterCodec.decode(consumed(DeadLetterCodec.encode(TOPIC, letter))));

        assertThat(read.original().kept()).isEqualTo(DeadLetter.Kept.WITHOUT_VALUE);
        assertThat(read.original().key())
                .hasValueSatisfying(key -> assertThat(key).isEqualTo(bytes(3)));
        assertThat(read.original().headers()).isEqualTo(letter.original().headers());
        assertThat(read.failure()).isEqualTo(letter.failure());
        assertThat(read.isWhole()).isFalse();
        assertThatThrownBy(read::source).hasMessage("parts of the record were left out");
    }

    @Example
    void headersOrAKeyThatDoNotFitAreLeftOutToo() {
        var large = bytes(KafkaConnection.RECORD_BYTES);
        for (var letter : List.of(
                letter(Optional.of(bytes(3)), headers(KafkaConnection.RECORD_BYTES), Optional.of(bytes(3))),
                letter(Optional.of(large), headers(10), Optional.of(bytes(3))))) {
            for (var read : List.of(
                    DeadLetterCodec.decode(consumed(DeadLetterCodec.encode(TOPIC, letter))),
                    DeadLetterCodec.decodeForUser(consumed(DeadLetterCodec.encodeForUser("own", letter))))) {
                assertThat(valid(read).original().kept()).isEqualTo(DeadLetter.Kept.NOTHING);
                assertThat(valid(read).failure()).isEqualTo(letter.failure());
            }
        }
    }

    @Example
    void aLongMessageIsCut() {
        var failure = new DeadLetter.Failure(Optional.empty(), 1, ErrorKind.INTERNAL, "x".repeat(5_000), 0);

        assertThat(failure.message()).hasSize(DeadLetter.Failure.MAX_MESSAGE);
    }

    private static DeadLetter letter(Optional<byte[]> key, List<Header> headers, Optional<byte[]> value) {
        var original = new DeadLetter.Original(key, headers, value, DeadLetter.Kept.ALL);
        return new DeadLetter(new DeadLetter.Id("bill", "orders", 3, 42), 900, original, TRAPPED);
    }

    private static byte[] bytes(int size) {
        return "x".repeat(size).getBytes(UTF_8);
    }

    private static List<Header> headers(int size) {
        return List.of(new RecordHeader("trace", bytes(size)));
    }

    private static void assertSame(DeadLetter read, DeadLetter written) {
        assertThat(read).usingRecursiveComparison().isEqualTo(written);
    }

    @Provide
    Arbitrary<DeadLetter> letters() {
        var failures = Combinators.combine(
                        Generated.someText().optional(),
                        Arbitraries.integers().greaterOrEqual(0),
                        Arbitraries.of(ErrorKind.class),
                        Generated.text(),
                        Arbitraries.longs().greaterOrEqual(0))
                .as(DeadLetter.Failure::new);
        return Combinators.combine(names(), sources(), failures).as(DeadLetter::of);
    }

    @Provide
    Arbitrary<ConsumerRecord<byte[], byte[]>> sources() {
        var headerNames = Arbitraries.oneOf(
                Generated.text(),
                Arbitraries.of(DeadLetterCodec.MARK, "photon-key", "photon-value", "photon-left-out", "photon-offset"));
        var values = Generated.body().injectNull(0.2);
        var headers = Combinators.combine(headerNames, values)
                .as((name, value) -> (Header) new RecordHeader(name, value))
                .list()
                .ofMaxSize(6);
        return Combinators.combine(
                        names(),
                        Arbitraries.integers().greaterOrEqual(0),
                        Arbitraries.longs().greaterOrEqual(0),
                        Arbitraries.longs().greaterOrEqual(-1),
                        values,
                        values,
                        headers)
                .as((topic, partition, offset, time, key, value, all) -> new DeadLetter(
                                new DeadLetter.Id("any", topic, partition, offset),
                                time,
                                new DeadLetter.Original(
                                        Optional.ofNullable(key), all, Optional.ofNullable(value), DeadLetter.Kept.ALL),
                                TRAPPED)
                        .source());
    }

    private static Arbitrary<String> names() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars('-', '_', '.')
                .ofMinLength(1)
                .ofMaxLength(20);
    }

    @Provide
    Arbitrary<ConsumerRecord<byte[], byte[]>> garbage() {
        return Generated.garbage();
    }

    @Provide
    Arbitrary<ConsumerRecord<byte[], byte[]>> damaged() {
        return Generated.damaged(letters().map(letter -> consumed(DeadLetterCodec.encode(TOPIC, letter))));
    }
}
