package dev.photon.registry;

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
