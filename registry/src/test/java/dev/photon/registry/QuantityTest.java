package dev.photon.registry;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "17, 17",
        "2500m, 2",
        "1k, 1000",
        "200M, 200000000",
        "1.5G, 1500000000",
        "1T, 1000000000000",
        "1P, 1000000000000000",
        "1E, 1000000000000000000",
        "1Ki, 1024",
        "64Mi, 67108864",
        "0.5Gi, 536870912",
        "1Ti, 1099511627776",
        "1Pi, 1125899906842624",
        "1Ei, 1152921504606846976",
        "' 1M ', 1000000"
    })
    void hasTheSuffixesOfKubernetes(String text, long bytes) {
        assertThat(Quantity.bytes(text)).contains(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "M", "1K", "1ki", "1MB", "1 M", "-1", "+1", "1.", ".5", "1e3", "1,5", "٣", "1mi"})
    void anythingElseIsNone(String text) {
        assertThat(Quantity.bytes(text)).isEmpty();
    }

    @Test
    void stopsAtTheLargestLong() {
        assertThat(Quantity.bytes("999999999999999999Ei")).contains(Long.MAX_VALUE);
    }

    @Property
    void plainNumbersAreBytes(@ForAll @LongRange(min = 0, max = 999_999_999_999_999_999L) long bytes) {
        assertThat(Quantity.bytes(Long.toString(bytes))).contains(bytes);
    }

    @Property
    void readingAnyTextNeverThrows(@ForAll String text) {
        assertThat(Quantity.bytes(text)).isNotNull();
    }
}
