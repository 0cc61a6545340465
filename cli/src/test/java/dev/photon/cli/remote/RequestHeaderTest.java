package dev.photon.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.photon.protocol.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeaderTest {
    @Test
    void splitsAtTheFirstColon() {
        assertThat(RequestHeader.parse("X-Time:  12:30 ")).isEqualTo(new Header("x-time", "12:30"));
        assertThat(RequestHeader.parse("x-empty:")).isEqualTo(new Header("x-empty", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "no colon", ": value", "two words: x", "x: a\nb", "x: a\u0000"})
    void refusesWhatHttpWould(String text) {
        assertThatThrownBy(() -> RequestHeader.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("\n");
    }
}
