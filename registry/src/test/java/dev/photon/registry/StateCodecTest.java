package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.Digest;
import dev.photon.protocol.EntryRule;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateCodecTest {
    private static final long TIME = 1_700_000_000_000L;
    private static final State MANIFEST = version("1.0.0");

    private static State version(String version) {
        return new State.Version(Generated.manifest("f", version, Digest.of(new byte[] {1})));
    }

    @Property
    void aStateIsReadAsItWasWritten(
            @ForAll("states") State state, @ForAll @LongRange(min = 0) long at, @ForAll long cleared) {
        var written = new Stamped(state, "eu", new Stamp(at, cleared));
        var sent = StateCodec.encode("photon.functions", written);

        assertThat(StateCodec.decode(read(sent))).usingRecursiveComparison().isEqualTo(new Decoded.Valid<>(written));
    }

    @Property(tries = 3000)
    void decodingGarbageNeverThrows(@ForAll("garbage") String value) {
        assertThat(decoded(value)).isNotNull();
    }

    @Property
    void decodingADamagedManifestNeverThrows(@ForAll @IntRange(min = 0, max = 10_000) int place, @ForAll byte other) {
        var sent = StateCodec.encode("t", Generated.written(MANIFEST));
        sent.value()[place % sent.value().length] = other;

        assertThat(StateCodec.decode(record(sent.key(), sent.value()))).isNotNull();
    }

    @Test
    void theKeyNamesFunctionAndVersion() {
        assertThat(StateCodec.encode("t", Generated.written(MANIFEST)).key())
                .isEqualTo("version/f/1.0.0".getBytes(UTF_8));
    }

    @Test
    void aFieldOfANewerBuildIsIgnored() {
        assertThat(state(json().replaceFirst("\\{", "{\"colour\":{\"a\":[1]},")))
                .isEqualTo(MANIFEST);
    }

    @Test
    void anEntryTopicFromBeforeItsTopicHadAnIdHasNone() {
        var value = """
                {"name": "shop", "generation": 17, "starts": [7], "rule":
                 {"functions": ["*"], "replyTopics": [], "deadlineMillis": 0, "rate": 0, "burst": 0}}""";
        var rule = new EntryRule(List.of("*"), List.of(), 0, 0, 0);

        assertThat(((Decoded.Valid<Stamped>)
                                StateCodec.decode(record("entry/shop".getBytes(UTF_8), value.getBytes(UTF_8))))
                        .value()
                        .state())
                .isEqualTo(new State.Entry(new EntryTopic("shop", 17, List.of(7L), rule, Optional.empty())));
    }

    @Test
    void aRecordWithoutAKeyIsMalformed() {
        assertMalformed(StateCodec.decode(record(null, json().getBytes(UTF_8))));
    }

    @Test
    void aRecordWithoutAValueErasesItsKey() {
        assertThat(StateCodec.decode(record("version/f/1.0.0".getBytes(UTF_8), null)))
                .isEqualTo(new Decoded.Valid<>(
                        new Stamped(new State.Erased("version/f/1.0.0"), "", Stamp.at(Stamp.atMillis(TIME)))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "version",
                "version/f",
                "version/f/1.0.0/x",
                "alias/f",
                "alias",
                "history",
                "history/a/b",
                "key",
                "trigger/f",
                "secret",
                "placed/none",
                "condemned",
                "checkpoint",
                "colour/red"
            })
    void aKeyThatIsNoneErasesNothing(String key) {
        assertMalformed(StateCodec.decode(record(key.getBytes(UTF_8), null)));
    }

    /** After compaction there is nothing left of them, so a view that goes on reading must see the same. */
    @Test
    void whatARegionErasesOfItsOwnIsDeleted() {
        assertThat(((Decoded.Valid<Stamped>) StateCodec.decode(record("secret/a".getBytes(UTF_8), null)))
                        .value()
                        .state())
                .isEqualTo(new State.NoSecret("a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shop", "/shop/%zz"})
    void aVersionWithARouteThatNoPathMatchesIsMalformed(String path) {
        var routed =
                Generated.manifest("f", "1.0.0", Digest.of(new byte[] {1}), List.of(new Route("", "/shop", Set.of())));
        var sent = StateCodec.encode("t", Generated.written(new State.Version(routed)));
        var json = new String(sent.value(), UTF_8).replace("\"/shop\"", "\"" + path + "\"");

        assertMalformed(decoded(json));
    }

    /** From before there were several regions. */
    @Test
    void aRecordWithoutAStampHasThatOfItsTime() {
        var read = StateCodec.decode(record("version/f/1.0.0".getBytes(UTF_8), json().getBytes(UTF_8)));

        assertThat(read).isEqualTo(new Decoded.Valid<>(new Stamped(MANIFEST, "", Stamp.at(Stamp.atMillis(TIME)))));
    }

    @Test
    void aStampThatIsNoNumberIsAsGoodAsNone() {
        var odd = record("version/f/1.0.0".getBytes(UTF_8), json().getBytes(UTF_8));
        odd.headers().add("photon-stamp", "soon".getBytes(UTF_8)).add("photon-origin", null);

        assertThat(StateCodec.decode(odd))
                .isEqualTo(new Decoded.Valid<>(new Stamped(MANIFEST, "", Stamp.at(Stamp.atMillis(TIME)))));
    }

    @Test
    void aKeyOfAnotherVersionIsMalformed() {
        assertMalformed(StateCodec.decode(record("version/f/1.0.1".getBytes(UTF_8), json().getBytes(UTF_8))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"digest\":\"sha256:|\"digest\":\"sha512:",
                "\"name\":\"f\",|",
                "\"env\":{},|",
                "\"env\":{}|\"env\":{\"A\":null}",
                "\"size\":3,|",
                "\"size\":3|\"size\":-1",
                "\"memoryPages\":16|\"memoryPages\":0",
                "\"timeoutMillis\":30000|\"timeoutMillis\":0",
                "\"partition\":0|\"partition\":-1",
                "\"firstOffset\":0|\"firstOffset\":-1",
                "\"count\":1|\"count\":0"
            })
    void aManifestThatLacksSomethingOrSaysTheImpossibleIsMalformed(String sound, String damaged) {
        var json = json().replace(sound, damaged == null ? "" : damaged);

        assertThat(json).isNotEqualTo(json());
        assertMalformed(decoded(json));
    }

    @Test
    void aVersionFromBeforeEventsPublishesNone() {
        var older = json().replaceAll(",\"events\":\\{[^}]*}", "");

        assertThat(older).isNotEqualTo(json()).contains("\"outbound\":{");
        assertThat(state(older))
                .isInstanceOfSatisfying(
                        State.Version.class,
                        version -> assertThat(version.manifest().outbound().events())
                                .isEqualTo(Manifest.Events.NONE));
    }

    @Test
    void aVersionFromBeforeASettingHasItsDefault() {
        var older = json().replaceAll(",\"events\":\\{[^}]*}", "")
                .replaceAll(
                        "\"(outbound|limits|scaling|placement)\":\\{[^}]*},|\"reuse\":[a-z]+,|\"triggers\":\\[],", "");

        assertThat(older).doesNotContain("outbound", "limits", "reuse", "scaling", "placement", "triggers");
        assertThat(state(older)).isInstanceOfSatisfying(State.Version.class, version -> {
            assertThat(version.manifest().limits()).isEqualTo(Manifest.Limits.DEFAULT);
            assertThat(version.manifest().outbound()).isEqualTo(Manifest.Outbound.NONE);
            assertThat(version.manifest().reuse()).isTrue();
            assertThat(version.manifest().scaling()).isEqualTo(Manifest.Scaling.DEFAULT);
            assertThat(version.manifest().placement()).isEqualTo(Placement.EVERYWHERE);
            assertThat(version.manifest().triggers()).isEmpty();
        });
    }

    @Test
    void aVersionThatIsNoneIsMalformed() {
        var sent = StateCodec.encode("t", Generated.written(version("latest")));

        assertMalformed(StateCodec.decode(record(sent.key(), sent.value())));
    }

    @Test
    void aVersionThatIsTooLongToReadIsMalformed() {
        var sent = StateCodec.encode("t", Generated.written(version("1.0.0-" + "a.".repeat(20_000) + "a")));

        assertMalformed(StateCodec.decode(record(sent.key(), sent.value())));
    }

    private static void assertMalformed(Decoded<Stamped> decoded) {
        assertThat(decoded).isInstanceOf(Decoded.Malformed.class);
    }

    private static String json() {
        return new String(StateCodec.encode("t", Generated.written(MANIFEST)).value(), UTF_8);
    }

    private static State state(String value) {
        return ((Decoded.Valid<Stamped>) decoded(value)).value().state();
    }

    private static Decoded<Stamped> decoded(String value) {
        return StateCodec.decode(record("version/f/1.0.0".getBytes(UTF_8), value.getBytes(UTF_8)));
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value) {
        return new ConsumerRecord<>(
                "photon.functions",
                0,
                0,
                TIME,
                TimestampType.CREATE_TIME,
                0,
                0,
                key,
                value,
                new RecordHeaders(),
                Optional.empty());
    }

    private static ConsumerRecord<byte[], byte[]> read(ProducerRecord<byte[], byte[]> sent) {
        var read = record(sent.key(), sent.value());
        sent.headers().forEach(read.headers()::add);
        return read;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "alias/f/live|{\"function\":\"f\",\"name\":\"live\",\"targets\":[{\"version\":\"1.0.0\",\"weight\":0}]}",
                "alias/f/live|{\"function\":\"f\",\"name\":\"live\",\"targets\":[]}",
                "alias/f/live|{\"function\":\"g\",\"name\":\"live\",\"targets\":[{\"version\":\"1.0.0\",\"weight\":1}]}",
                "alias/f|{\"deleted\":true}",
                "version/f/1.0.0/x|{\"deleted\":true}",
                "trigger/f/t|{\"function\":\"f\",\"topic\":\"t\",\"generation\":0,\"starts\":[],\"paused\":false}",
                "trigger/f/t|{\"function\":\"f\",\"topic\":\"t\",\"generation\":1,\"starts\":[-1],\"paused\":false}",
                "trigger/f/t|{\"function\":\"f\",\"topic\":\"u\",\"generation\":1,\"starts\":[],\"paused\":false}",
                "trigger/f|{\"deleted\":true}",
                "history/f|{\"function\":\"g\",\"entries\":[]}",
                "colour/f|{}",
                "/|{}"
            })
    void aStateOfAnotherThingOrOfNothingIsMalformed(String key, String value) {
        assertMalformed(StateCodec.decode(record(key.getBytes(UTF_8), value.getBytes(UTF_8))));
    }

    @Provide
    Arbitrary<State> states() {
        return Generated.states();
    }

    @Provide
    Arbitrary<String> garbage() {
        var pieces = Arbitraries.of(
                "{",
                "}",
                "[",
                "]",
                ":",
                ",",
                "\"name\"",
                "\"f\"",
                "\"version\"",
                "\"1.0.0\"",
                "\"digest\"",
                "\"sha256:\"",
                "\"env\"",
                "\"limits\"",
                "\"chunks\"",
                "null",
                "-1",
                "1e999",
                "true",
                "\"");
        return Arbitraries.oneOf(
                pieces.list().ofMaxSize(20).map(list -> String.join("", list)),
                Arbitraries.strings().ofMaxLength(40));
    }
}
