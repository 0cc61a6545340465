package dev.photon.ingress.scaler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunTimesTest {
    private final RunTimes times = new RunTimes(List.of("default", "slow"));

    @Test
    void areUnknownBeforeTheFirstRun() {
        assertThat(times.mean(Optional.empty())).isEmpty();
        assertThat(times.mean(Optional.of("slow"))).isEmpty();
        assertThat(times.meanSeconds()).isNaN();
    }

    @Test
    void areThoseOfEachPoolAndOfAll() {
        times.ran("default", 1_000);
        times.ran("slow", 3_000);

        assertThat(times.mean(Optional.of("default"))).contains(Duration.ofMillis(1));
        assertThat(times.mean(Optional.of("slow"))).contains(Duration.ofMillis(3));
        assertThat(times.meanSeconds()).isEqualTo(0.002);
    }

    @Test
    void ofAPoolThatThereIsNotCountForAll() {
        times.ran("elsewhere", 1_000);

        assertThat(times.mean(Optional.empty())).contains(Duration.ofMillis(1));
        assertThat(times.mean(Optional.of("default"))).isEmpty();
    }
}
