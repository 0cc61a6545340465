package dev.photon.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.photon.protocol.Settings;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegistryConfigTest {
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"), "photon-cache");

    @Test
    void takesModulesOf5MiBByDefault() {
        assertThat(RegistryConfig.read(new Settings(key -> null)))
                .isEqualTo(new RegistryConfig(5 * 1024 * 1024, 100 * 1024 * 1024, TEMPORARY));
    }

    @Test
    void readsEveryKey() {
        var values = Map.of(
                "PHOTON_MAX_ARTIFACT_BYTES", "1000", "PHOTON_MAX_ASSETS_BYTES", "2000", "PHOTON_CACHE", "/data/photon");
        var asked = new HashSet<String>();

        var config = RegistryConfig.read(new Settings(key -> {
            asked.add(key);
            return values.get(key);
        }));

        assertThat(asked).isEqualTo(RegistryConfig.KEYS).isEqualTo(values.keySet());
        assertThat(config).isEqualTo(new RegistryConfig(1000, 2000, Path.of("/data/photon")));
    }

    @Test
    void refusesASizeThatCannotBe() {
        var settings = new Settings(Map.of("PHOTON_MAX_ARTIFACT_BYTES", "0")::get);

        assertThatCode(() -> RegistryConfig.read(settings)).doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(settings::check)
                .withMessageContaining("PHOTON_MAX_ARTIFACT_BYTES");
    }
}
