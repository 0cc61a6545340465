package dev.photon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorKindTest {

    @Test
    void everyCodeIsUnique() {
        assertThat(Arrays.stream(ErrorKind.values()).map(ErrorKind::code)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void aCodeLeadsBackToItsKind(ErrorKind kind) {
        assertThat(ErrorKind.ofCode(kind.code())).contains(kind);
    }

    @ParameterizedTest
    @EnumSource
    void aCodeIsFitForHeadersAndMetrics(ErrorKind kind) {
        assertThat(kind.code()).matches("[a-z]+(-[a-z]+)*");
        assertThat(kind.title()).isNotBlank();
    }

    @ParameterizedTest
    @EnumSource
    void callersGet4xxAndTheRestOfUsOwnUpTo5xx(ErrorKind kind) {
        switch (kind.blame()) {
            case CALLER -> assertThat(kind.status()).isBetween(400, 499);
            case LIMIT -> assertThat(kind.status()).isIn(429, 504);
            case FUNCTION, PLATFORM -> assertThat(kind.status()).isBetween(500, 504);
        }
    }

    @Test
    void aCodeOfANewerBuildIsUnknown() {
        assertThat(ErrorKind.ofCode("out-of-luck")).isEmpty();
        assertThat(ErrorKind.ofCode("")).isEmpty();
    }
}
