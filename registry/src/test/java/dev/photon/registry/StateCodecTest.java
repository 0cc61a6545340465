package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.Digest;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateCodecTest {
    private static final State MANIFEST = version("1.0.0");

    private static State version(String version) {
        return new State.Version(Generated.manifest("f", version, Digest.of(new byte[] {1})));
    }

    @Property
    void aStateIsReadAsItWasWritten(@ForAll("states") State state) {
        var sent = StateCodec.encode("photon.functions", state);

        assertThat(StateCodec.decode(record(sent.key(), sent.value())))
                .usingRecursiveComparison()
                .isEqualTo(new Decoded.Valid<>(state));
    }

    @Property(tries = 3000)
    void decodingGarbageNeverThrows(@ForAll("garbage") String value) {
        assertThat(decoded(value)).isNotNull();
    }

    @Property
    void decodingADamagedManifestNeverThrows(@ForAll @IntRange(min = 0, max = 10_000) int place, @ForAll byte other) {
        var sent = StateCodec.encode("t", MANIFEST);
        sent.value()[place % sent.value().length] = other;

        assertThat(StateCodec.decode(record(sent.key(), sent.value()))).isNotNull();
    }

    @Test
    void theKeyNamesFunctionAndVersion() {
        assertThat(StateCodec.encode("t", MANIFEST).key()).isEqualTo("version/f/1.0.0".getBytes(UTF_8));
    }

    @Test
    void aFieldOfANewerBuildIsIgnored() {
        assertThat(decoded(json().replaceFirst("\\{", "{\"colour\":{\"a\":[1]},")))
                .isEqualTo(new Decoded.Valid<>(MANIFEST));
    }

    @Test
    void aRecordWithoutKeyOrValueIsMalformed() {
        assertMalformed(StateCodec.decode(record(null, json().getBytes(UTF_8))));
        assertMalformed(StateCodec.decode(record("version/f/1.0.0".getBytes(UTF_8), null)));
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
    void aVersionFromBeforeASettingHasItsDefault() {
        var older = json().replaceAll("\"(outbound|limits|scaling)\":\\{[^}]*},|\"reuse\":[a-z]+,", "");

        assertThat(older).doesNotContain("outbound", "limits", "reuse", "scaling");
        assertThat(decoded(older))
                .isInstanceOfSatisfying(
                        Decoded.Valid.class,
                        valid -> assertThat(valid.value()).isInstanceOfSatisfying(State.Version.class, version -> {
                            assertThat(version.manifest().limits()).isEqualTo(Manifest.Limits.DEFAULT);
                            assertThat(version.manifest().outbound()).isEqualTo(Manifest.Outbound.NONE);
                            assertThat(version.manifest().reuse()).isTrue();
                            assertThat(version.manifest().scaling()).isEqualTo(Manifest.Scaling.DEFAULT);
                        }));
    }

    @Test
    void aVersionThatIsNoneIsMalformed() {
        var sent = StateCodec.encode("t", version("latest"));

        assertMalformed(StateCodec.decode(record(sent.key(), sent.value())));
    }

    @Test
    void aVersionThatIsTooLongToReadIsMalformed() {
        var sent = StateCodec.encode("t", version("1.0.0-" + "a.".repeat(20_000) + "a"));

        assertMalformed(StateCodec.decode(record(sent.key(), sent.value())));
    }

    private static void assertMalformed(Decoded<State> decoded) {
        assertThat(decoded).isInstanceOf(Decoded.Malformed.class);
    }

    private static String json() {
        return new String(StateCodec.encode("t", MANIFEST).value(), UTF_8);
    }

    private static Decoded<State> decoded(String value) {
        return StateCodec.decode(record("version/f/1.0.0".getBytes(UTF_8), value.getBytes(UTF_8)));
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value) {
        return new ConsumerRecord<>("photon.functions", 0, 0, key, value);
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
