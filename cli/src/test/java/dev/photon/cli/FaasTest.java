package dev.photon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaasTest {
    @ParameterizedTest
    @ValueSource(strings = {"executor", "list", "remote"})
    void looksAtNoOtherCommandThanTheOneThatIsAskedFor(String asked) {
        assertThat(Faas.command(asked, "--help").getSubcommands()).containsOnlyKeys(asked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "completion", "--help", "exekutor"})
    void knowsAllCommandsWhereOthersMayBeSpokenOf(String asked) {
        assertThat(Faas.command(asked).getSubcommands()).containsKeys("up", "executor", "remote", "help");
    }

    @Test
    void knowsAllCommandsWhenNoneIsAskedFor() {
        assertThat(Faas.command().getSubcommands()).containsKeys("up", "executor", "remote", "help");
    }
}
