package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DigestTest {
    /** FIPS 180-2, appendix B.1. */
    private static final String OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void isTheSha256OfTheBytes() {
        assertThat(Digest.of("abc".getBytes(US_ASCII))).isEqualTo(new Digest(OF_ABC));
    }

    @Property
    void itsTextIsReadTheSame(@ForAll byte[] bytes) {
        var digest = Digest.of(bytes);

        assertThat(Digest.parse(digest.toString())).contains(digest);
    }

    @Property
    void contentInPartsHasTheDigestOfTheWhole(@ForAll byte[] first, @ForAll byte[] second) {
        var whole = new byte[first.length + second.length];
        System.arraycopy(first, 0, whole, 0, first.length);
        System.arraycopy(second, 0, whole, first.length, second.length);
        var parts = Digest.accumulator();

        parts.update(first);
        parts.update(second);

        assertThat(Digest.finish(parts.digest())).isEqualTo(Digest.of(whole));
    }

    @Test
    void nothingElseIsADigest() {
        assertThat(Digest.parse("")).isEmpty();
        assertThat(Digest.parse(OF_ABC)).isEmpty();
        assertThat(Digest.parse("sha256:" + OF_ABC.toUpperCase(Locale.ROOT))).isEmpty();
        assertThat(Digest.parse("sha256:" + OF_ABC + "0")).isEmpty();
        assertThat(Digest.parse("sha256:" + OF_ABC + "\n")).isEmpty();
        assertThat(Digest.parse("sha512:" + OF_ABC)).isEmpty();
    }

    @Property
    void readingAnyTextNeverThrows(@ForAll String text) {
        assertThat(Digest.parse(text)).isNotNull();
    }
}
