package dev.photon.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevelopmentVersionTest {
    @ParameterizedTest
    @CsvSource({"1.0.0, 1.0.0-dev.3", "1.0.0-rc.1, 1.0.0-rc.1.dev.3", "1.0.0+abc-1, 1.0.0-dev.3"})
    void isAPreReleaseOfTheVersion(String version, String expected) {
        assertThat(DevelopmentVersion.of(version, 3).text()).isEqualTo(expected);
    }

    @Test
    void changesNothingElseOfTheSettings() throws Exception {
        var toml = "name = \"a\"\nversion = \"1.0.0\"\n[env_vars]\nA = \"b\"\n[[triggers]]\ntopic = \"t\"\n";

        var changed = DevelopmentVersion.of("1.0.0", 1).in(toml);

        var mapper = new TomlMapper();
        assertThat(mapper.readTree(changed)).isEqualTo(mapper.readTree(toml.replace("1.0.0", "1.0.0-dev.1")));
    }
}
