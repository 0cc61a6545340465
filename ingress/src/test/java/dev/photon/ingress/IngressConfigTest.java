package dev.photon.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.photon.protocol.Digest;
import dev.photon.protocol.Settings;
import dev.photon.registry.SecretBox;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IngressConfigTest {

    @Test
    void servesThisMachineAloneByDefault() {
        assertThat(IngressConfig.read(new Settings(key -> null)))
                .isEqualTo(new IngressConfig(
                        "127.0.0.1",
                        8080,
                        Runtime.getRuntime().availableProcessors(),
                        4_096,
                        2_048,
                        512,
                        5 * 1024 * 1024,
                        100 * 1024 * 1024,
                        10 * 1024 * 1024,
                        5_000,
                        600_000,
                        Path.of(System.getProperty("java.io.tmpdir"), "photon-cache"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void readsEveryKey() {
        var values = Map.ofEntries(
                Map.entry("PHOTON_HOST", "0.0.0.0"),
                Map.entry("PHOTON_PORT", "0"),
                Map.entry("PHOTON_EVENT_LOOPS", "3"),
                Map.entry("PHOTON_MAX_IN_FLIGHT", "4"),
                Map.entry("PHOTON_MAX_IN_FLIGHT_PER_FUNCTION", "5"),
                Map.entry("PHOTON_MAX_ASYNC_PER_FUNCTION", "11"),
                Map.entry("PHOTON_MAX_ARTIFACT_BYTES", "6"),
                Map.entry("PHOTON_MAX_ASSETS_BYTES", "8"),
                Map.entry("PHOTON_QUEUE_MS", "7"),
                Map.entry("PHOTON_MAX_REQUEST_BYTES", "9"),
                Map.entry("PHOTON_ASYNC_QUEUE_MS", "10"),
                Map.entry("PHOTON_CACHE", "/cache"),
                Map.entry("PHOTON_API_KEY", "0123456789abcdef"),
                Map.entry("PHOTON_API_KEY_FILE", ""),
                Map.entry("PHOTON_REGIONS_CA", "/ca.pem"),
                Map.entry("PHOTON_SECRETS_KEY", "0123456789abcdef0123456789abcdef"),
                Map.entry("PHOTON_SECRETS_KEY_FILE", ""));
        var hash = Digest.of("0123456789abcdef".getBytes(UTF_8));
        var asked = new HashSet<String>();

        var config = IngressConfig.read(new Settings(key -> {
            asked.add(key);
            return values.get(key);
        }));

        assertThat(asked).isEqualTo(IngressConfig.KEYS).isEqualTo(values.keySet());
        assertThat(config)
                .isEqualTo(new IngressConfig(
                        "0.0.0.0",
                        0,
                        3,
                        4,
                        5,
                        11,
                        6,
                        8,
                        9,
                        7,
                        10,
                        Path.of("/cache"),
                        Optional.of(hash),
                        SecretBox.read(new Settings(values::get)),
                        Optional.of(Path.of("/ca.pem"))));
    }

    @Test
    void refusesNumbersOutOfRange() {
        var settings = new Settings(Map.of("PHOTON_PORT", "65536", "PHOTON_EVENT_LOOPS", "0")::get);

        assertThatCode(() -> IngressConfig.read(settings)).doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(settings::check)
                .withMessageContaining("PHOTON_PORT")
                .withMessageContaining("PHOTON_EVENT_LOOPS");
    }
}
