package dev.photon.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EngineVersionTest {
    @Test
    void staysTheSameInOneBuildOnOneJvm() {
        assertThat(EngineVersion.current())
                .matches("[0-9a-f]{16}")
                .isEqualTo(EngineVersion.on(Runtime.version().toString()));
    }

    @Test
    void isAnotherOnAnotherJvm() {
        assertThat(EngineVersion.on("25.0.1+8-LTS")).isNotEqualTo(EngineVersion.on("25.0.2+10-LTS"));
    }
}
