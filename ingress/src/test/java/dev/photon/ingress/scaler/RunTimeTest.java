package dev.photon.ingress.scaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunTimeTest {
    private final RunTime times = new RunTime();
    private final long start = System.nanoTime();

    private double seconds() {
        return times.mean().orElseThrow().toNanos() / 1e9;
    }

    @Test
    void isUnknownBeforeTheFirstRun() {
        assertThat(times.mean()).isEmpty();
    }

    @Test
    void isTheMean() {
        times.ran(1_000, start);
        times.ran(3_000, start);

        assertThat(times.mean()).isEqualTo(Optional.of(Duration.ofMillis(2)));
    }

    @Test
    void repliesWithoutARunDoNotCount() {
        times.ran(0, start);
        times.ran(-1, start);

        assertThat(times.mean()).isEmpty();
    }

    @Test
    void halfAMinuteHalvesTheWeight() {
        times.ran(1_000, start);
        times.ran(4_000, start + Duration.ofSeconds(30).toNanos());

        // 1,000 counts half.
        assertThat(seconds()).isEqualTo(0.003, within(0.000_1));
    }

    @Test
    void keepsWhatItSawLastHoweverLongAgo() {
        times.ran(1_000, start);
        times.ran(1_000, start + Duration.ofDays(3).toNanos());
        assertThat(seconds()).isEqualTo(0.001, within(1e-9));

        times.ran(9_000, start + Duration.ofDays(6).toNanos());
        assertThat(seconds()).isEqualTo(0.009, within(0.000_1));
    }
}
