package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {

    @Test
    void aStringInQuotesIsTakenWithoutThem() {
        assertThat(IdempotencyKey.parse(" \"8e03978e-40d5\" ")).isEqualTo(new IdempotencyKey.Given("8e03978e-40d5"));
        assertThat(IdempotencyKey.parse("\"a \\\"b\\\\\"")).isEqualTo(new IdempotencyKey.Given("a \"b\\"));
    }

    @Test
    void aWordIsTakenAsItIs() {
        assertThat(IdempotencyKey.parse("8e03978e-40d5_+/=")).isEqualTo(new IdempotencyKey.Given("8e03978e-40d5_+/="));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\"\"", "\"open", "two words", "a,b", "a;b=c", "\"a\";b", "\"\u00e4\"", "\u00e4", "\"a\\b\""
            })
    void anythingElseIsMalformed(String text) {
        assertThat(IdempotencyKey.parse(text)).isInstanceOf(IdempotencyKey.Malformed.class);
    }

    @Test
    void aKeyHasAtMost255Characters() {
        assertThat(IdempotencyKey.parse("k".repeat(255))).isInstanceOf(IdempotencyKey.Given.class);
        assertThat(IdempotencyKey.parse("k".repeat(256))).isInstanceOf(IdempotencyKey.Malformed.class);
    }
}
