package dev.photon.ingress.overflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StandingTest {
    private static final Standing SERVING = Standing.UNKNOWN.measured(Duration.ofMillis(10));

    @Test
    void callsMayGoWhereNobodyHasAskedYet() {
        assertThat(Standing.UNKNOWN.isOpen()).isTrue();
    }

    @Test
    void failuresInARowCloseIt() {
        var twice = SERVING.failed().failed();

        assertThat(twice.isOpen()).isTrue();
        assertThat(twice.failed().isOpen()).isFalse();
    }

    @Test
    void anAnswerInBetweenStartsTheCountAnew() {
        var standing = SERVING.failed().failed().answered().failed().failed();

        assertThat(standing.isOpen()).isTrue();
    }

    @Test
    void anAnsweredProbeOpensItAgain() {
        var closed = SERVING.failed().failed().failed();

        assertThat(closed.measured(Duration.ofMillis(10)).isOpen()).isTrue();
    }

    @Test
    void aCallThatWasAnsweredLateDoesNotSayThatARegionIsReady() {
        assertThat(SERVING.unready().failed().answered().isOpen()).isFalse();
    }

    @Test
    void aRegionThatDrainsMayBeCalledStill() {
        var draining = SERVING.draining(Duration.ofMillis(10));

        assertThat(draining.isOpen()).isTrue();
        assertThat(draining.failed().answered().state()).isEqualTo(Standing.State.DRAINING);
        assertThat(draining.measured(Duration.ofMillis(10)).state()).isEqualTo(Standing.State.SERVING);
    }

    @Test
    void roundTripsAreAveragedAndTheLastCountsMost() {
        var standing = SERVING.measured(Duration.ofMillis(20));

        assertThat(standing.roundTrip()).hasValue(Duration.ofMillis(13));
    }

    @Test
    void howFarItIsIsRememberedWhileItIsAway() {
        assertThat(SERVING.failed().failed().failed().roundTrip()).hasValue(Duration.ofMillis(10));
    }
}
