package dev.photon.cli.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RestartsTest {
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LATER = Duration.ofMinutes(1);

    private final Restarts restarts = new Restarts();

    @Test
    void waitsForNothingAfterOneThatRanForLong() {
        assertThat(restarts.pauseMillisAfter(LATER)).isZero();
        assertThat(restarts.pauseMillisAfter(LATER)).isZero();
    }

    @Test
    void waitsLongerAndLongerWhenSeveralInARowEndSoon() {
        assertThat(LongStream.generate(() -> restarts.pauseMillisAfter(SOON)).limit(9))
                .containsExactly(0L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L, 30_000L);
    }

    @Test
    void beginsAnewWhenOneRanForLong() {
        restarts.pauseMillisAfter(SOON);
        restarts.pauseMillisAfter(SOON);
        restarts.pauseMillisAfter(LATER);

        assertThat(restarts.pauseMillisAfter(SOON)).isZero();
        assertThat(restarts.pauseMillisAfter(SOON)).isEqualTo(1_000);
    }
}
