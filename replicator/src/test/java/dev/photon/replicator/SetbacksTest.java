package dev.photon.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SetbacksTest {
    private final Setbacks setbacks = new Setbacks();

    @Test
    void oneFailureNeedsNoRest() {
        setbacks.add();

        assertThat(setbacks.rest()).isZero();
    }

    @Test
    void theRestDoublesUpToTenSeconds() {
        setbacks.add();
        for (var millis : new int[] {300, 600, 1_200, 2_400, 4_800, 9_600, 10_000, 10_000}) {
            setbacks.add();

            assertThat(setbacks.rest()).isEqualTo(Duration.ofMillis(millis));
        }
    }

    @Test
    void theRestIsTheSameHoweverManyThereWere() {
        for (int i = 0; i < 1_000; i++) {
            setbacks.add();
        }

        assertThat(setbacks.rest()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void whoGetsOnNeedsNoRest() {
        setbacks.add();
        setbacks.add();

        setbacks.clear();

        assertThat(setbacks.rest()).isZero();
    }
}
