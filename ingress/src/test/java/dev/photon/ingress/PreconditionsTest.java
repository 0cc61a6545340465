package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110, section 13. The representation's tag is {@code "a"}. */
class PreconditionsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "''                  | PROCEED",
                "if-none-match:\"a\"       | NOT_MODIFIED",
                "if-none-match:W/\"a\"     | NOT_MODIFIED",
                "if-none-match:*           | NOT_MODIFIED",
                "if-none-match:\"b\"       | PROCEED",
                "if-none-match:\"b\", \"a\" | NOT_MODIFIED",
                "if-none-match:\"b\",W/\"a\" | NOT_MODIFIED",
                "if-none-match:a           | PROCEED",
                "if-none-match:\"a         | PROCEED",
                "if-match:\"a\"            | PROCEED",
                "if-match:W/\"a\"          | FAILED",
                "if-match:*                | PROCEED",
                "if-match:\"b\"            | FAILED",
                "if-match:\"b\", \"a\"     | PROCEED",
                "if-match:                 | FAILED",
                "if-modified-since:Tue, 24 Nov 2026 00:00:00 GMT   | PROCEED",
                "if-unmodified-since:Tue, 24 Nov 2015 00:00:00 GMT | PROCEED",
            })
    void aRequestIsPerformedByItsConditions(String field, Preconditions expected) {
        assertThat(Preconditions.of(fields(field), "\"a\"")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "''               | true",
                "if-range:\"a\"   | true",
                "if-range:\"b\"   | false",
                "if-range:W/\"a\" | false",
                "if-range:Tue, 24 Nov 2026 00:00:00 GMT | false",
            })
    void aRangeCountsWhileTheRepresentationIsTheSame(String field, boolean expected) {
        assertThat(Preconditions.rangeCounts(fields(field), "\"a\"")).isEqualTo(expected);
    }

    private static MultiMap fields(String field) {
        var fields = MultiMap.caseInsensitiveMultiMap();
        if (!field.isEmpty()) {
            var parts = field.split(":", 2);
            fields.add(parts[0], parts[1].strip());
        }
        return fields;
    }
}
