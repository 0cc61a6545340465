package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110, section 14. The representation has 100 bytes. */
class ByteRangeTest {

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1",
        "bytes=0-99, 0, 100",
        "bytes=10-19, 10, 10",
        "bytes=90-, 90, 10",
        "bytes=90-1000, 90, 10",
        "bytes=-10, 90, 10",
        "bytes=-1000, 0, 100",
        "Bytes= 5-5, 5, 1",
    })
    void aRangeIsAPart(String field, long first, long length) {
        assertThat(of(field, 100)).isEqualTo(new ByteRange.Part(first, length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0", "bytes=999999999999-"})
    void whatBeginsBehindTheEndIsUnsatisfiable(String field) {
        assertThat(of(field, 100)).isEqualTo(new ByteRange.Unsatisfiable());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=-",
                "bytes=9-3",
                "bytes=a-b",
                "lines=0-1",
                "bytes=0-1,5-6",
                "bytes=0x0-1",
                "bytes=99999999999999999999-"
            })
    void whatIsNoSingleRangeIsIgnored(String field) {
        assertThat(of(field, 100)).isEqualTo(new ByteRange.Whole());
    }

    @Test
    void withoutAFieldEverythingIsWanted() {
        assertThat(ByteRange.of(Optional.empty(), 100)).isEqualTo(new ByteRange.Whole());
    }

    @Test
    void thereIsNoPartOfNothing() {
        assertThat(of("bytes=0-", 0)).isEqualTo(new ByteRange.Unsatisfiable());
        assertThat(of("bytes=-5", 0)).isEqualTo(new ByteRange.Unsatisfiable());
    }

    @Property
    void aPartLiesWithinTheWhole(
            @ForAll @IntRange(max = 200) int first,
            @ForAll @IntRange(max = 200) int last,
            @ForAll @IntRange(max = 150) int size) {
        if (of("bytes=" + first + "-" + last, size) instanceof ByteRange.Part part) {
            assertThat(part.first()).isEqualTo(first);
            assertThat(part.length()).isPositive();
            assertThat(part.first() + part.length()).isLessThanOrEqualTo(size);
        }
    }

    @Test
    void thePartIsTold() {
        assertThat(new ByteRange.Part(10, 5).contentRange(100)).isEqualTo("bytes 10-14/100");
    }

    private static ByteRange of(String field, long size) {
        return ByteRange.of(Optional.of(field), size);
    }
}
