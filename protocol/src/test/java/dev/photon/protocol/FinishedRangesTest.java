package dev.photon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.FinishedRanges.Range;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FinishedRangesTest {
    @Test
    void writesGapsAndLengthsInBaseThirtySix() {
        var ranges = new FinishedRanges(List.of(new Range(102, 107), new Range(108, 144)));

        assertThat(ranges.encode(100)).isEqualTo("1:2.5,1.10");
        assertThat(FinishedRanges.NONE.encode(100)).isEmpty();
    }

    @Property
    void readsWhatItWrote(
            @ForAll @LongRange(min = 0, max = Long.MAX_VALUE / 2) long committed,
            @ForAll @From("deltas") List<Integer> deltas) {
        var ranges = ranges(committed, deltas);

        var text = ranges.encode(committed);

        assertThat(text.length()).isLessThanOrEqualTo(FinishedRanges.MAX_BYTES);
        assertThat(FinishedRanges.decode(committed, text)).isEqualTo(ranges);
    }

    @Test
    void keepsTheFirstRangesThatFit() {
        var many = new ArrayList<Range>();
        for (long i = 1; i < 4_000; i += 2) {
            many.add(new Range(i, i + 1));
        }

        var text = new FinishedRanges(many).encode(0);

        assertThat(text.length()).isBetween(FinishedRanges.MAX_BYTES - 4, FinishedRanges.MAX_BYTES);
        var kept = FinishedRanges.decode(0, text).ranges();
        assertThat(kept).isEqualTo(many.subList(0, kept.size())).hasSizeGreaterThan(1_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1:",
                "2:1.1",
                "1:1",
                "1:1.0",
                "1:-1.1",
                "1:1.-1",
                "1:1.1,",
                "1:,1.1",
                "1:1.1.1",
                "1:ä.1",
                "1: 1.1",
                "1:1y2p0ij32e8e7.1",
                "1:1.1y2p0ij32e8e7",
                "null"
            })
    void takesGarbageForNothing(String text) {
        assertThat(FinishedRanges.decode(5, text)).isEqualTo(FinishedRanges.NONE);
    }

    @Property
    void isTotal(@ForAll String text, @ForAll @LongRange(min = 0) long committed) {
        assertThat(FinishedRanges.decode(committed, text).ranges()).allMatch(range -> range.from() < range.to());
        assertThat(FinishedRanges.decode(committed, "1:" + text).ranges()).allMatch(range -> range.from() < range.to());
    }

    @Provide
    Arbitrary<List<Integer>> deltas() {
        return Arbitraries.integers().between(1, 100_000).list().ofMaxSize(200);
    }

    private static FinishedRanges ranges(long committed, List<Integer> deltas) {
        var ranges = new ArrayList<Range>();
        var at = committed;
        for (int i = 0; i + 1 < deltas.size(); i += 2) {
            var from = at + deltas.get(i);
            at = from + deltas.get(i + 1);
            ranges.add(new Range(from, at));
        }
        return new FinishedRanges(ranges);
    }
}
