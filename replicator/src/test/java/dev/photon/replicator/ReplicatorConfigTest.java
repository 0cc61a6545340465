package dev.photon.replicator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.photon.protocol.Settings;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplicatorConfigTest {
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"), "photon-cache");

    @Test
    void takesAsManyBytesAsThereAreByDefault() {
        assertThat(ReplicatorConfig.read(new Settings(key -> null))).isEqualTo(new ReplicatorConfig(0, TEMPORARY));
    }

    @Test
    void readsEveryKey() {
        var values = Map.of("PHOTON_REPLICATOR_BYTES_PER_SECOND", "1000000", "PHOTON_CACHE", "/data/photon");
        var asked = new HashSet<String>();

        var config = ReplicatorConfig.read(new Settings(key -> {
            asked.add(key);
            return values.get(key);
        }));

        assertThat(asked).isEqualTo(ReplicatorConfig.KEYS).isEqualTo(values.keySet());
        assertThat(config).isEqualTo(new ReplicatorConfig(1_000_000, Path.of("/data/photon")));
    }

    @Test
    void refusesANegativeBandwidth() {
        var settings = new Settings(Map.of("PHOTON_REPLICATOR_BYTES_PER_SECOND", "-1")::get);

        ReplicatorConfig.read(settings);

        assertThatIllegalArgumentException()
                .isThrownBy(settings::check)
                .withMessageContaining("PHOTON_REPLICATOR_BYTES_PER_SECOND");
    }
}
