package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.Digest;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class MirroredTest {
    private static final long TIME = 1_700_000_000_000L;
    private static final Digest DIGEST = Digest.of(new byte[] {1});
    private static final Mirrored MIRRORED = new Mirrored("eu", "us", "eu.photon.functions");
    private static final State.Aliased ALIAS =
            new State.Aliased(new Alias("f", "live", List.of(new Alias.Target("1.0.0", 1))));

    @Test
    void takesOverWhatOriginatedThereByteForByte() {
        var source = read(ALIAS, "eu");

        var taken = MIRRORED.of(source).orElseThrow();

        assertThat(taken.topic()).isEqualTo("eu.photon.functions");
        assertThat(taken.key()).isEqualTo(source.key());
        assertThat(taken.value()).isEqualTo(source.value());
        assertThat(taken.headers()).isEqualTo(source.headers());
        assertThat(taken.timestamp()).isEqualTo(TIME);
    }

    @Test
    void takesOverWhichRegionsAreDrained() {
        assertThat(MIRRORED.of(read(new State.Wished(new RegionState("us", true, "ada", 1)), "eu")))
                .isPresent();
    }

    @Test
    void takesNothingOverThatOriginatedElsewhere() {
        assertThat(MIRRORED.of(read(ALIAS, "ap"))).isEmpty();
        assertThat(MIRRORED.of(read(ALIAS, "us"))).isEmpty();
    }

    @Test
    void saysWhereARecordIsFromThatOriginatedElsewhere() {
        assertThat(MIRRORED.foreign(read(ALIAS, "ap"))).contains("ap");
        assertThat(MIRRORED.foreign(read(ALIAS, "eu"))).isEmpty();
        assertThat(MIRRORED.foreign(read(new State.NoSecret("s"), "ap"))).isEmpty();
    }

    @Test
    void takesOverWhatIsFromBeforeThereWereRegions() {
        var sent = StateCodec.encode("t", Generated.written(ALIAS));

        assertThat(MIRRORED.of(read(sent.key(), sent.value(), new RecordHeaders())))
                .isPresent();
    }

    @Test
    void takesOverThatThereIsNothingOfAKey() {
        var taken = MIRRORED.of(read("alias/f/live".getBytes(UTF_8), null, new RecordHeaders()));

        assertThat(taken.map(ProducerRecord::value)).isEmpty();
        assertThat(taken).isPresent();
    }

    @Test
    void leavesOutWhatIsEachRegionsOwn() {
        var artifact = new Artifact(DIGEST, 3, new Manifest.Chunks(0, 0, 0, 1));
        var own = List.of(
                new State.Placed(artifact),
                new State.NoPlaced(DIGEST),
                new State.Condemnation(new Condemned(DIGEST, 0, 1, 0)),
                new State.NoCondemnation(DIGEST),
                new State.Sealed(new Secret("s", new byte[] {1}, 0)),
                new State.NoSecret("s"),
                new State.NoTrigger("f", "orders"),
                new State.Copied(new Checkpoint("id", 1, 1)));

        assertThat(own)
                .allSatisfy(state -> assertThat(MIRRORED.of(read(state, "eu"))).isEmpty())
                .allSatisfy(state -> assertThat(
                                MIRRORED.of(read(state.key().getBytes(UTF_8), null, new RecordHeaders())))
                        .isEmpty());
    }

    @Test
    void leavesOutWhatIsNoState() {
        assertThat(MIRRORED.of(read(null, new byte[0], new RecordHeaders()))).isEmpty();
        assertThat(MIRRORED.of(read(new byte[0], new byte[] {'{'}, new RecordHeaders())))
                .isEmpty();
    }

    @Test
    void takesOverAllOfAVersionThatRunsHere() {
        var placement = new Placement(List.of("u*"), List.of());
        var source = read(new State.Version(Generated.manifest("f", "1.0.0", DIGEST, placement)), "eu");

        assertThat(MIRRORED.of(source).orElseThrow().value()).isEqualTo(source.value());
    }

    @Test
    void takesOverAllOfAVersionFromBeforeThereWerePlacements() {
        var source = read(new State.Version(Generated.manifest("f", "1.0.0", DIGEST)), "eu");
        var earlier = new String(source.value(), UTF_8)
                .replaceFirst("\"placement\":\\{[^}]*},", "")
                .getBytes(UTF_8);

        var taken = MIRRORED.of(read(source.key(), earlier, source.headers())).orElseThrow();

        assertThat(earlier).hasSizeLessThan(source.value().length);
        assertThat(taken.value()).isEqualTo(earlier);
    }

    @Test
    void looksIntoNothingButVersions() {
        var unread = "of a build to come".getBytes(UTF_8);

        assertThat(MIRRORED.of(read("alias/f/live".getBytes(UTF_8), unread, new RecordHeaders()))
                        .orElseThrow()
                        .value())
                .isEqualTo(unread);
        assertThat(MIRRORED.of(read("version/f/1.0.0".getBytes(UTF_8), unread, new RecordHeaders())))
                .isEmpty();
    }

    @Test
    void leavesOutAVersionUnderTheKeyOfAnother() {
        var source = read(new State.Version(Generated.manifest("f", "1.0.0", DIGEST)), "eu");

        assertThat(MIRRORED.of(read("version/f/1.0.1".getBytes(UTF_8), source.value(), source.headers())))
                .isEmpty();
    }

    @Test
    void ofAFieldThatIsThereTwiceTheLastCountsForThePrivatePartToo() {
        var elsewhere = new Placement(List.of("eu"), List.of());
        var source = read(new State.Version(Generated.manifest("f", "1.0.0", DIGEST, elsewhere)), "eu");
        var twice = new String(source.value(), UTF_8)
                .replaceFirst("\\{", "{\"placement\":{\"regions\":[\"*\"],\"exclude\":[]},")
                .replace("\"env\":{}", "\"env\":{\"A\":\"private\"}")
                .getBytes(UTF_8);

        var taken = MIRRORED.of(read(source.key(), twice, source.headers())).orElseThrow();

        assertThat(new String(twice, UTF_8)).contains("private");
        assertThat(new String(taken.value(), UTF_8)).doesNotContain("private");
    }

    @Property
    void ofAVersionThatDoesNotRunHereThePrivatePartIsLeftOut(@ForAll("manifests") Manifest manifest) {
        var taken = MIRRORED.of(read(new State.Version(manifest), "eu")).orElseThrow();

        var expected = manifest.placement().includes("us") ? manifest : manifest.withoutPrivate();
        assertThat(StateCodec.decode(read(taken.key(), taken.value(), taken.headers())))
                .isInstanceOfSatisfying(
                        Decoded.Valid.class,
                        valid -> assertThat(((Stamped) valid.value()).state()).isEqualTo(new State.Version(expected)));
    }

    /** They name topics that are no business of a region that reads none of them. */
    @Test
    void whatRunsAVersionStaysWhereItRuns() {
        var triggered = Generated.triggered(
                "f", "1.0.0", DIGEST, new Placement(List.of("eu"), List.of()), List.of(Generated.rule("orders")));

        var taken = MIRRORED.of(read(new State.Version(triggered), "eu")).orElseThrow();

        assertThat(new String(taken.value(), UTF_8)).contains("\"triggers\":[]").doesNotContain("orders");
    }

    /** Else a region that knows it as a copy, and one where it runs, would take it for two versions. */
    @Test
    void aVersionIsTheSameWithAndWithoutItsPrivatePart() {
        var whole = Generated.triggered("f", "1.0.0", DIGEST, List.of(Generated.rule("orders")));

        assertThat(whole.withoutPrivate().isSameAs(whole)).isTrue();
    }

    @Test
    void aCheckpointIsReadAsItWasWritten() {
        var checkpoint = new Checkpoint("cmF3", 42, 3);

        var written = MIRRORED.checkpoint(checkpoint);

        var source = read(written.key(), written.value(), written.headers());
        assertThat(Mirrored.checkpoint(source)).isEqualTo(Optional.of(checkpoint));
        assertThat(Mirrored.isCheckpoint(source)).isTrue();
    }

    @Test
    void othersAreNoCheckpoints() {
        assertThat(Mirrored.checkpoint(read(ALIAS, "eu"))).isEmpty();
        assertThat(Mirrored.isCheckpoint(read(ALIAS, "eu"))).isFalse();
        assertThat(Mirrored.checkpoint(read("checkpoint".getBytes(UTF_8), new byte[] {'['}, new RecordHeaders())))
                .isEmpty();
    }

    @Provide
    Arbitrary<Manifest> manifests() {
        return Generated.manifests();
    }

    private static ConsumerRecord<byte[], byte[]> read(State state, String origin) {
        var sent = StateCodec.encode("photon.functions", new Stamped(state, origin, Stamp.at(5)));
        return read(sent.key(), sent.value(), sent.headers());
    }

    private static ConsumerRecord<byte[], byte[]> read(byte[] key, byte[] value, Headers headers) {
        return new ConsumerRecord<>(
                "photon.functions", 0, 0, TIME, TimestampType.CREATE_TIME, 0, 0, key, value, headers, Optional.empty());
    }
}
