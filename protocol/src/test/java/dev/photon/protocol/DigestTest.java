package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void whereTheBytesAreMakesNoDifference(@ForAll byte[] before, @ForAll byte[] bytes) {
        var buffer = ByteBuffer.allocateDirect(before.length + bytes.length)
                .put(before)
                .put(bytes)
                .position(before.length);

        assertThat(Digest.of(buffer)).isEqualTo(Digest.of(bytes));
        assertThat(buffer.remaining()).isEqualTo(bytes.length);
    }

    @Test
    void aFileHasTheDigestOfItsContent(@TempDir Path folder) throws IOException {
        var content = new byte[3_000_000];
        new Random(1).nextBytes(content);

        assertThat(Digest.of(Files.write(folder.resolve("file"), content))).isEqualTo(Digest.of(content));
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
