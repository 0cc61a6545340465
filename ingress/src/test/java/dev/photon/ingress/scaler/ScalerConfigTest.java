package dev.photon.ingress.scaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.photon.protocol.Settings;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScalerConfigTest {
    @Test
    void listensNowhereUnlessAskedAndThenOnLoopback() {
        assertThat(ScalerConfig.read(new Settings(key -> null)))
                .isEqualTo(new ScalerConfig("127.0.0.1", Optional.empty()));
    }

    @Test
    void readsEveryKey() {
        var values = Map.of("PHOTON_SCALER_HOST", "0.0.0.0", "PHOTON_SCALER_PORT", "9465");
        var asked = new HashSet<String>();

        var config = ScalerConfig.read(new Settings(key -> {
            asked.add(key);
            return values.get(key);
        }));

        assertThat(asked).isEqualTo(ScalerConfig.KEYS).isEqualTo(values.keySet());
        assertThat(config).isEqualTo(new ScalerConfig("0.0.0.0", Optional.of(9465)));
    }

    @Test
    void refusesAPortThatIsNone() {
        var settings = new Settings(Map.of("PHOTON_SCALER_PORT", "65536")::get);
        ScalerConfig.read(settings);

        assertThatIllegalArgumentException().isThrownBy(settings::check).withMessageContaining("PHOTON_SCALER_PORT");
    }
}
