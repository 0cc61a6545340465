package dev.photon.executor.replay;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class DurationsTest {
    @Test
    void tellsNothingOfNothing() {
        assertThat(new Durations().percentile(99)).isZero();
        assertThat(new Durations().json().getLong("mean")).isZero();
    }

    @Test
    void findsPercentilesWithinAThirtySecond() {
        var durations = new Durations();
        for (int micros = 1; micros <= 10_000; micros++) {
            durations.add(micros);
        }

        assertThat(durations.percentile(50)).isBetween(5_000L, 5_160L);
        assertThat(durations.percentile(99)).isBetween(9_900L, 10_000L);
        assertThat(durations.json().getLong("max")).isEqualTo(10_000);
        assertThat(durations.json().getLong("mean")).isEqualTo(5_000);
    }

    @Property
    void aSingleDurationIsTheWholeOfIt(@ForAll @LongRange(min = 0, max = 1L << 40) long micros) {
        var durations = new Durations();
        durations.add(micros);

        assertThat(durations.percentile(50)).isEqualTo(micros);
    }
}
