package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.photon.protocol.Settings;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpConfigTest {

    @Test
    void speaksPlainHttpByDefault() {
        assertThat(HttpConfig.read(new Settings(key -> null)))
                .isEqualTo(new HttpConfig(Optional.empty(), 10_000, 75_000, 20_000, 20_000));
    }

    @Test
    void readsEveryKey() {
        var values = Map.of(
                "PHOTON_TLS_CERT", "/tls/tls.crt",
                "PHOTON_TLS_KEY", "/tls/tls.key",
                "PHOTON_MAX_CONNECTIONS", "3",
                "PHOTON_KEEP_ALIVE_MS", "4000",
                "PHOTON_CLIENT_MS", "500",
                "PHOTON_GRACE_MS", "6");
        var asked = new HashSet<String>();

        var config = HttpConfig.read(new Settings(key -> {
            asked.add(key);
            return values.get(key);
        }));

        assertThat(asked).isEqualTo(HttpConfig.KEYS).isEqualTo(values.keySet());
        assertThat(config)
                .isEqualTo(new HttpConfig(
                        Optional.of(new TlsFiles(Path.of("/tls/tls.crt"), Path.of("/tls/tls.key"))), 3, 4_000, 500, 6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PHOTON_TLS_CERT", "PHOTON_TLS_KEY"})
    void aCertificateAndItsKeyAreSetTogether(String key) {
        var settings = new Settings(Map.of(key, "/tls/file")::get);
        HttpConfig.read(settings);

        assertThatIllegalArgumentException()
                .isThrownBy(settings::check)
                .withMessageContaining("PHOTON_TLS_CERT and PHOTON_TLS_KEY");
    }

    @Test
    void refusesNumbersOutOfRange() {
        var settings = new Settings(Map.of("PHOTON_MAX_CONNECTIONS", "0", "PHOTON_CLIENT_MS", "soon")::get);
        HttpConfig.read(settings);

        assertThatIllegalArgumentException()
                .isThrownBy(settings::check)
                .withMessageContaining("PHOTON_MAX_CONNECTIONS")
                .withMessageContaining("PHOTON_CLIENT_MS");
    }
}
