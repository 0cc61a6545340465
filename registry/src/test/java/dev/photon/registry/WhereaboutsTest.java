package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Digest;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Where a region keeps content, by what it says of functions. */
class WhereaboutsTest {
    private static final Digest DIGEST = Digest.of(new byte[] {1});
    private static final Manifest.Chunks CHUNKS = new Manifest.Chunks(7, 1, 2, 2);

    private final Whereabouts.Said said = new Whereabouts.Said();

    private static ConsumerRecord<byte[], byte[]> written(State state) {
        var sent = StateCodec.encode("test.functions", Generated.written(state));
        return new ConsumerRecord<>("test.functions", 0, 0, sent.key(), sent.value());
    }

    private static ConsumerRecord<byte[], byte[]> erased(State state) {
        return new ConsumerRecord<>("test.functions", 0, 0, state.key().getBytes(UTF_8), null);
    }

    private static State placed() {
        return new State.Placed(new Artifact(DIGEST, 3, CHUNKS));
    }

    @Test
    void contentThatWasBroughtLiesWhereItWasWritten() {
        said.add(written(placed()));

        assertThat(said.partitions()).containsOnly(Map.entry(DIGEST, 7));
    }

    @Test
    void contentThatWasDeployedThereLiesWhereItsVersionSays() {
        var version = Generated.manifest("f", "1.0.0", DIGEST);

        said.add(written(new State.Version(version)));

        assertThat(said.partitions().get(DIGEST)).isEqualTo(version.chunks().partition());
    }

    @Test
    void contentThatNoVersionNamesLiesThereUntilItIsRemoved() {
        var condemned = new State.Condemnation(new Condemned(DIGEST, 3, 1, 0));
        said.add(written(condemned));
        assertThat(said.partitions().get(DIGEST)).isEqualTo(3);

        said.add(written(new State.NoCondemnation(DIGEST)));

        assertThat(said.partitions()).isEmpty();
    }

    @Test
    void theLastWordCounts() {
        said.add(written(placed()));
        said.add(erased(placed()));
        said.add(written(new State.Version(Generated.manifest("f", "1.0.0", DIGEST))));
        said.add(written(new State.NoVersion("f", "1.0.0")));

        assertThat(said.partitions()).isEmpty();
    }

    @Test
    void whatIsNoStateIsPassedOver() {
        said.add(new ConsumerRecord<>("test.functions", 0, 0, null, new byte[] {1}));
        said.add(new ConsumerRecord<>("test.functions", 0, 0, "placed/x".getBytes(UTF_8), new byte[] {1}));

        assertThat(said.partitions()).isEmpty();
    }
}
