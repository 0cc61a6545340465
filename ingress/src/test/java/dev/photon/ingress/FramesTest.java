package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FramesTest {
    private final Frames.Reader reader = new Frames.Reader();

    @Property
    void partsAreReadAsTheyWereWrittenHoweverTheyAreCut(
            @ForAll @Size(max = 10) List<@Size(max = 300) byte[]> parts,
            @ForAll @IntRange(min = 1, max = 400) int cut) {
        var whole = Buffer.buffer();
        var framed = Buffer.buffer().appendBuffer(Frames.signOfLife());
        for (var part : parts) {
            whole.appendBytes(part);
            framed.appendBuffer(Frames.of(part)).appendBuffer(Frames.signOfLife());
        }

        var read = Buffer.buffer();
        var cutting = new Frames.Reader();
        for (var at = 0; at < framed.length(); at += cut) {
            read.appendBuffer(cutting.read(framed.getBuffer(at, Math.min(at + cut, framed.length()))));
        }

        assertThat(read).isEqualTo(whole);
        assertThat(cutting.isWhole()).isTrue();
    }

    @Test
    void aSignOfLifeIsNoPart() {
        assertThat(reader.read(Frames.signOfLife())).isEqualTo(Buffer.buffer());
        assertThat(reader.isWhole()).isTrue();
    }

    @Test
    void whatBreaksOffInsideAPartIsNotWhole() {
        var part = Frames.of(new byte[] {1, 2, 3});

        reader.read(part.getBuffer(0, 2));
        assertThat(reader.isWhole()).isFalse();

        assertThat(reader.read(part.getBuffer(2, 6)).length()).isEqualTo(2);
        assertThat(reader.isWhole()).isFalse();

        reader.read(part.getBuffer(6, 7));
        assertThat(reader.isWhole()).isTrue();
    }
}
