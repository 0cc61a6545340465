package dev.photon.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalingSettingsTest {
    private static FunctionConfig parse(String scaling) throws Refused {
        return FunctionConfig.parse("name = \"hello\"\nversion = \"1.0.0\"\n[scaling]\n" + scaling);
    }

    @Test
    void readsHowMuchOfAFunctionThereIs() throws Refused {
        var config = parse("min = 2\nmax = 20\ntarget_concurrency = 8\nidle_seconds = 30\npool = \"slow\"");

        assertThat(config.scaling()).isEqualTo(new Manifest.Scaling(2, 20, 8, Optional.of(30), "slow"));
        assertThat(config.warning()).isEmpty();
    }

    @Test
    void aFunctionThatSaysNothingGoesToZero() throws Refused {
        assertThat(parse("").scaling()).isEqualTo(Manifest.Scaling.DEFAULT);
        assertThat(Manifest.Scaling.DEFAULT.min()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "min = -1|scaling.min must be a whole number from 0 to 64",
                "min = 65|scaling.min must be a whole number from 0 to 64",
                "max = 0|scaling.max must be a whole number from 1 to 10000",
                "min = 3~max = 2|scaling.min is 3 and must not be more than scaling.max, which is 2",
                "target_concurrency = 0|scaling.target_concurrency must be a whole number from 1 to 10000",
                "idle_seconds = 0|scaling.idle_seconds must be a whole number from 1 to 86400",
                "pool = 1|scaling.pool must be a text",
                "idle_seconds = \"long\"|scaling.idle_seconds must be a whole number"
            })
    void refusesNumbersOutOfTheirRange(String scaling, String reason) {
        assertThatThrownBy(() -> parse(scaling.replace('~', '\n')))
                .isInstanceOf(Refused.class)
                .hasMessageContaining(reason);
    }
}
