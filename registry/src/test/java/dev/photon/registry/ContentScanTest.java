package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.Digest;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** What a version needs is read as the codec reads it, and nothing else of it. */
class ContentScanTest {
    private static final Digest DIGEST = Digest.of(new byte[] {1});
    private static final Manifest MANIFEST =
            Generated.manifest("f", "1.0.0", DIGEST, new Placement(List.of("eu-*", "us"), List.of("eu-north")));

    private static ConsumerRecord<byte[], byte[]> written(State state) {
        var sent = StateCodec.encode("test.functions", Generated.written(state));
        return new ConsumerRecord<>("test.functions", 0, 7, sent.key(), sent.value());
    }

    private static ConsumerRecord<byte[], byte[]> record(String key, String value) {
        return new ConsumerRecord<>("test.functions", 0, 7, key.getBytes(UTF_8), value.getBytes(UTF_8));
    }

    private static Manifest manifest(Decoded<Stamped> decoded) {
        return ((State.Version) ((Decoded.Valid<Stamped>) decoded).value().state()).manifest();
    }

    @Test
    void whichContentAVersionNeedsAndWhereItRunsIsKept() {
        var read = manifest(ContentScan.decode(written(new State.Version(MANIFEST))));

        assertThat(read.artifacts())
                .containsExactlyElementsOf(MANIFEST.artifacts().toList());
        assertThat(read.placement()).isEqualTo(MANIFEST.placement());
        assertThat(read.name() + " " + read.version()).isEqualTo("f 1.0.0");
        assertThat(read.env()).isEmpty();
    }

    @Property(tries = 3000)
    void aDamagedVersionIsNoneOrTheOneThatTheCodecReads(
            @ForAll @IntRange(min = 0, max = 10_000) int place, @ForAll byte other) {
        var source = written(new State.Version(MANIFEST));
        source.value()[place % source.value().length] = other;

        if (StateCodec.decode(source) instanceof Decoded.Valid<Stamped> valid
                && valid.value().state() instanceof State.Version version) {
            var read = manifest(ContentScan.decode(source));
            assertThat(read.module()).isEqualTo(version.manifest().module());
            assertThat(read.placement()).isEqualTo(version.manifest().placement());
            assertThat(read.assets()).isEqualTo(version.manifest().assets());
        } else {
            assertThat(ContentScan.decode(source)).isNotNull();
        }
    }

    @Test
    void whatIsNoVersionIsReadAsEver() {
        assertThat(ContentScan.decode(record("version/f/1.0.0", "{\"deleted\": true}")))
                .isEqualTo(StateCodec.decode(record("version/f/1.0.0", "{\"deleted\": true}")));
        assertThat(ContentScan.decode(record("version/f/1.0.0", "{}"))).isInstanceOf(Decoded.Malformed.class);
        assertThat(ContentScan.decode(written(new State.NoPlaced(DIGEST))))
                .isEqualTo(StateCodec.decode(written(new State.NoPlaced(DIGEST))));
    }

    @Test
    void aVersionUnderAnothersKeyIsNone() {
        var source = written(new State.Version(MANIFEST));

        assertThat(ContentScan.decode(record("version/g/1.0.0", new String(source.value(), UTF_8))))
                .isInstanceOf(Decoded.Malformed.class);
    }

    @Test
    void aVersionThatIsSaidToBeDeletedIsDeletedWhateverElseItSays() {
        var whole = new String(written(new State.Version(MANIFEST)).value(), UTF_8);
        var deleted = whole.substring(0, whole.length() - 1) + ",\"deleted\":true}";

        var decoded = (Decoded.Valid<Stamped>) ContentScan.decode(record("version/f/1.0.0", deleted));

        assertThat(decoded.value().state()).isEqualTo(new State.NoVersion("f", "1.0.0"));
    }
}
