package dev.photon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.FinishedRanges.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

class TriggerCommitTest {
    @Test
    void writesWhatItKnows() {
        var commit = new TriggerCommit(
                17, 200, new TreeMap<>(Map.of(105L, 2, 108L, 1)), new FinishedRanges(List.of(new Range(102, 107))));

        assertThat(commit.encode(100)).isEqualTo("17;2s;5.2,3.1;1:2.5");
        assertThat(TriggerCommit.generation(commit.encode(100))).contains(17L);
    }

    @Property
    void readsWhatItWrote(
            @ForAll @LongRange(min = 0) long generation,
            @ForAll @LongRange(min = 0, max = Long.MAX_VALUE / 2) long committed,
            @ForAll @LongRange(min = 0, max = 1_000_000) long begun,
            @ForAll @From("attempts") Map<Integer, Integer> attempts) {
        var tried = new TreeMap<Long, Integer>();
        attempts.forEach((distance, count) -> tried.put(committed + distance, count));
        var finished = new FinishedRanges(List.of(new Range(committed + 1, committed + 5)));
        var commit = new TriggerCommit(generation, committed + begun, tried, finished);

        assertThat(TriggerCommit.decode(committed, commit.encode(committed))).contains(commit);
    }

    @Test
    void staysWithinTheLimitOfTheBrokers() {
        var ranges = new ArrayList<Range>();
        var attempts = new TreeMap<Long, Integer>();
        for (long i = 1; i < 4_000; i += 2) {
            ranges.add(new Range(i, i + 1));
            attempts.put(i, 100);
        }
        var commit = new TriggerCommit(Long.MAX_VALUE, Long.MAX_VALUE, attempts, new FinishedRanges(ranges));

        var text = commit.encode(0);

        assertThat(text.length()).isBetween(FinishedRanges.MAX_BYTES - 4, FinishedRanges.MAX_BYTES);
        var read = TriggerCommit.decode(0, text).orElseThrow();
        assertThat(read.attempts()).hasSize(TriggerCommit.MAX_ATTEMPTS);
        assertThat(read.finished().ranges()).hasSizeGreaterThan(500);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1:2.5",
                "1",
                "1;0",
                ";0;;",
                "x;0;;",
                "1;-1;;",
                "-1;0;;",
                "1;0;1;",
                "1;0;1.0;",
                "1;0;-1.1;",
                "1;0;,;",
                "1;1y2p0ij32e8e7;;",
                "1;0;;;"
            })
    void takesGarbageForNothing(String text) {
        assertThat(TriggerCommit.decode(5, text)).isEmpty();
    }

    @Property
    void isTotal(@ForAll String text, @ForAll @LongRange(min = 0) long committed) {
        assertThat(TriggerCommit.decode(committed, text)).isNotNull();
        assertThat(TriggerCommit.decode(committed, "1;0;" + text)).isNotNull();
    }

    @Provide
    Arbitrary<Map<Integer, Integer>> attempts() {
        return Arbitraries.maps(
                        Arbitraries.integers().between(0, 100_000),
                        Arbitraries.integers().between(1, 101))
                .ofMaxSize(TriggerCommit.MAX_ATTEMPTS);
    }
}
