package dev.photon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.photon.protocol.Settings;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MonitorConfigTest {
    @Test
    void listensNowhereUnlessAskedAndThenOnLoopback() {
        assertThat(MonitorConfig.read(new Settings(key -> null)))
                .isEqualTo(new MonitorConfig("127.0.0.1", Optional.empty()));
    }

    @Test
    void readsEveryKey() {
        var values = Map.of("PHOTON_METRICS_HOST", "0.0.0.0", "PHOTON_METRICS_PORT", "9464");
        var asked = new HashSet<String>();

        var config = MonitorConfig.read(new Settings(key -> {
            asked.add(key);
            return values.get(key);
        }));

        assertThat(asked).isEqualTo(MonitorConfig.KEYS).isEqualTo(values.keySet());
        assertThat(config).isEqualTo(new MonitorConfig("0.0.0.0", Optional.of(9464)));
    }

    @Test
    void refusesAPortThatIsNone() {
        var settings = new Settings(Map.of("PHOTON_METRICS_PORT", "65536")::get);
        MonitorConfig.read(settings);

        assertThatIllegalArgumentException().isThrownBy(settings::check).withMessageContaining("PHOTON_METRICS_PORT");
    }
}
