package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110, section 12.5.3. */
class ContentCodingTest {
    private static final List<ContentCoding> BOTH = List.of(ContentCoding.BR, ContentCoding.GZIP);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip, deflate, br, zstd | BR",
                "gzip                    | GZIP",
                "GZip                    | GZIP",
                "br;q=0.5, gzip          | GZIP",
                "br;q=0, gzip;q=0.1      | GZIP",
                "*                       | BR",
                "*;q=0.1, br;q=0         | GZIP",
                "gzip; q=0.3 , br ;q=0.2 | GZIP",
            })
    void theClientsFavouriteIsChosenOfWhatIsThere(String accepted, ContentCoding expected) {
        assertThat(ContentCoding.choose(List.of(accepted), BOTH)).contains(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"identity", "deflate", "br;q=0, gzip;q=0", "*;q=0", "br;q=much", "''"})
    void otherwiseTheFileIsSentAsItIs(String accepted) {
        assertThat(ContentCoding.choose(List.of(accepted), BOTH)).isEmpty();
    }

    @Test
    void severalFieldsAreOneList() {
        assertThat(ContentCoding.choose(List.of("deflate", "gzip"), BOTH)).contains(ContentCoding.GZIP);
    }

    @Test
    void nothingIsChosenWhereNothingIsSaidOrThere() {
        assertThat(ContentCoding.choose(List.of(), BOTH)).isEqualTo(Optional.empty());
        assertThat(ContentCoding.choose(List.of("br"), List.of())).isEmpty();
        assertThat(ContentCoding.choose(List.of("br"), List.of(ContentCoding.GZIP)))
                .isEmpty();
    }
}
