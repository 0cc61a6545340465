package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Digest;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Settings;
import dev.photon.protocol.ViewPosition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** A view whose records come from the test: its Kafka is not there. */
class FunctionViewTest {
    private static final RegionConfig REGION =
            RegionConfig.read(new Settings(Map.of("PHOTON_REGION", "here", "PHOTON_BOOTSTRAP", "127.0.0.1:1")::get));
    private static final RegionConfig BESIDE_EU = RegionConfig.read(new Settings(Map.of(
            "PHOTON_REGION", "here",
            "PHOTON_BOOTSTRAP", "127.0.0.1:1",
            "PHOTON_REGIONS", "here 127.0.0.1:1 http://here; eu 127.0.0.1:2 http://eu")::get));
    private static final Digest DIGEST = Digest.of(new byte[] {1});

    /** An ingress may choose a version that it is still reading; an executor that is behind must wait for that one. */
    @Test
    void whoHasReadAsFarAsAResolutionSaysHasWhatItFound() {
        try (var view = new FunctionView(REGION, "test")) {
            var found = new ArrayList<Resolution>();
            Iterable<ConsumerRecord<byte[], byte[]>> batch = () -> List.of("1.0.0", "1.0.1").stream()
                    .peek(version -> found.add(view.resolve("f", Optional.of("1.0.0"), () -> "id")))
                    .map(FunctionViewTest::written)
                    .iterator();

            view.read("here", batch, 2);

            assertThat(found)
                    .containsExactly(
                            new Resolution.NoFunction("f"),
                            new Resolution.Found(manifest("1.0.0"), ViewPosition.of(2)));
        }
    }

    /** Regions that did not hear of each other may leave an alias without a version. */
    @Test
    void anAliasWhoseVersionsAreAllGoneStandsForNothing() {
        try (var view = new FunctionView(REGION, "test")) {
            var alias = new Alias("f", "live", List.of(new Alias.Target("1.0.0", 1)));
            view.read("here", List.of(written("1.1.0"), written(new State.Aliased(alias))), 2);

            assertThat(view.resolve("f", Optional.of("live"), () -> "id"))
                    .isEqualTo(new Resolution.NoneLeft("f", "live"));
        }
    }

    @Test
    void triggersAreThoseOfTheLatestVersionWhosePositionIsKnown() {
        try (var view = new FunctionView(REGION, "test")) {
            var first = triggered("1.0.0", "orders", "bills");
            var second = triggered("2.0.0", "orders", "letters");
            var orders = new TriggerPosition("f", "orders", 1, List.of(5L), true);
            view.read("here", List.of(written(new State.Version(first)), written(new State.Triggered(orders))), 2);

            assertThat(view.triggers()).containsExactly(new Trigger(first, Generated.rule("orders"), orders));

            var bills = new TriggerPosition("f", "bills", 1, List.of(), false);
            view.read("here", List.of(written(new State.Triggered(bills)), written(new State.Version(second))), 4);
            assertThat(view.triggers()).containsExactly(new Trigger(second, Generated.rule("orders"), orders));

            view.read("here", List.of(written(new State.NoTrigger("f", "orders"))), 5);
            assertThat(view.triggers()).isEmpty();
        }
    }

    @Test
    void aVersionThatDoesNotRunHereHasNoTriggers() {
        var coming = new FunctionTable("here");
        coming.apply("there", Generated.written(new State.Version(triggered("1.0.0", "orders"))));
        coming.apply(
                "here",
                Generated.written(new State.Triggered(new TriggerPosition("f", "orders", 1, List.of(), false))));

        assertThat(coming.triggers()).isEmpty();
    }

    @Test
    void contentIsAbsentUntilItLiesHereOrNoVersionNamesIt() {
        try (var view = FunctionView.ofContents(BESIDE_EU, "test")) {
            var artifact = manifest("1.0.0").module();
            view.read("eu", List.of(written("1.0.0"), written("1.1.0")), 2);
            assertThat(view.absent()).containsExactly(new FunctionView.Absent("eu", artifact));

            view.read("here", List.of(written(new State.Placed(artifact))), 1);
            assertThat(view.absent()).isEmpty();

            view.read("here", List.of(written(new State.NoPlaced(DIGEST))), 2);
            assertThat(view.absent()).containsExactly(new FunctionView.Absent("eu", artifact));

            view.read("eu", List.of(gone("version/f/1.0.0"), gone("version/f/1.1.0")), 4);
            assertThat(view.absent()).isEmpty();
        }
    }

    @Test
    void versionsThatWereDeployedWithDifferentContentAreCounted() {
        try (var view = new FunctionView(BESIDE_EU, "test")) {
            var others = Generated.manifest("f", "1.0.0", Digest.of(new byte[] {2}));
            view.read("here", List.of(written("1.0.0"), written("1.1.0")), 2);
            view.read("eu", List.of(written("1.1.0")), 1);
            assertThat(view.conflicts()).isZero();

            view.read("eu", List.of(written(new State.Version(others))), 2);
            assertThat(view.conflicts()).isOne();

            view.read("eu", List.of(gone("version/f/1.0.0")), 3);
            assertThat(view.conflicts()).isZero();
        }
    }

    @Test
    void aViewOfContentsPassesOverAllElse() {
        try (var view = FunctionView.ofContents(BESIDE_EU, "test")) {
            var alias = new Alias("f", "live", List.of(new Alias.Target("1.0.0", 1)));
            var secret = new Secret("s", new byte[] {1}, 0);
            view.read("here", List.of(written(new State.Sealed(secret)), written("1.0.0"), gone(null)), 3);
            view.read("eu", List.of(written(new State.Aliased(alias))), 1);

            assertThat(view.versions("f")).hasSize(1);
            assertThat(view.secrets()).isEmpty();
            assertThat(view.aliases("f")).isEmpty();
            assertThat(view.read()).isEqualTo(1);
            assertThat(view.malformedRecords()).isZero();
            assertThat(view.position()).isEqualTo(3);
        }
    }

    private static ConsumerRecord<byte[], byte[]> gone(String key) {
        return new ConsumerRecord<>("test.functions", 0, 0, key == null ? null : key.getBytes(UTF_8), null);
    }

    private static Manifest triggered(String version, String... topics) {
        var rules = Arrays.stream(topics).map(Generated::rule).toList();
        return Generated.triggered("f", version, DIGEST, rules);
    }

    private static Manifest manifest(String version) {
        return Generated.manifest("f", version, DIGEST);
    }

    private static ConsumerRecord<byte[], byte[]> written(String version) {
        return written(new State.Version(manifest(version)));
    }

    private static ConsumerRecord<byte[], byte[]> written(State state) {
        var sent = StateCodec.encode("test.functions", Generated.written(state));
        return new ConsumerRecord<>("test.functions", 0, 0, sent.key(), sent.value());
    }
}
