package dev.photon.ingress.scaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutlookTest {
    @ParameterizedTest
    @CsvSource({
        // unfinished, idle for, idleSeconds, active
        "1,    , 0,  true",
        "1,    0, 60, true",
        "0,    , 60, false",
        "0,    0, 60, true",
        "0, 59999, 60, true",
        "0, 60000, 60, false",
        "0,    0, 0,  false",
    })
    void isActiveWhileSomethingIsUnfinishedAndAWhileAfter(long unfinished, Long idle, int idleSeconds, boolean active) {
        var known = new Outlook.Known(unfinished, Optional.ofNullable(idle).map(Duration::ofMillis));
        var wish = new Wish(Optional.empty(), 8, Duration.ZERO, Duration.ofMillis(1), Duration.ofSeconds(idleSeconds));

        assertThat(known.isActive(wish)).isEqualTo(active);
    }

    @ParameterizedTest
    @CsvSource({
        // unfinished, queueMillis, runMillis of the metadata, measured, runs wanted at once
        "0,     500,  50,    , 0",
        "1100,  500,  50,    , 100",
        "1100,  500,  50,  50, 100",
        "1100,  500,  999, 50, 100",
        // Quick calls need few at once, long ones all.
        "1000,  1000, 999, 1,  0.999",
        "1000,  1000, 999, 1000, 500",
        "10,    1000, 999, 900000, 9.989",
        // Nobody is to wait: as many as there are.
        "1000,  0,    50,  7,  1000",
    })
    void wantsAsManyRunsAtOnceAsLetNobodyWaitForLonger(
            long unfinished, int queueMillis, int runMillis, Integer measured, double runs) {
        var known = new Outlook.Known(unfinished, Optional.empty());
        var wish = new Wish(
                Optional.empty(), 8, Duration.ofMillis(queueMillis), Duration.ofMillis(runMillis), Duration.ZERO);

        assertThat(known.wantedRuns(wish, Optional.ofNullable(measured).map(Duration::ofMillis)))
                .isEqualTo(runs, within(0.001));
    }
}
