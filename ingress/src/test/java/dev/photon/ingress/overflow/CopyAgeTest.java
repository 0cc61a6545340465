package dev.photon.ingress.overflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CopyAgeTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static Instant at(int seconds) {
        return START.plusSeconds(seconds);
    }

    @Test
    void nothingIsKnownBeforeTheFirstAnswer() {
        assertThat(CopyAge.UNKNOWN.lag(false, at(9))).isEmpty();
        assertThat(CopyAge.UNKNOWN.lag(true, at(9))).isEmpty();
    }

    @Test
    void aCopyThatHasAllIsNotBehind() {
        assertThat(CopyAge.UNKNOWN.told(7, at(0), 7).lag(true, at(1))).contains(Duration.ZERO);
    }

    @Test
    void aCopyThatLacksSomethingIsBehindSinceItHadAll() {
        var age = CopyAge.UNKNOWN.told(7, at(0), 7).told(8, at(2), 7).told(9, at(4), 7);

        assertThat(age.lag(true, at(5))).contains(Duration.ofSeconds(5));
        assertThat(age.current()).contains(at(0));
    }

    /** Where there is always something new, what is missing at one answer has come by the next. */
    @Test
    void whatWasMissingAndHasComeMakesItNewer() {
        var age = CopyAge.UNKNOWN.told(7, at(0), 7).told(8, at(2), 7).told(9, at(4), 8);

        assertThat(age.current()).contains(at(2));
        assertThat(age.caughtUp(9).lag(true, at(5))).contains(Duration.ZERO);
    }

    @Test
    void ofARegionThatDoesNotAnswerNobodyKnowsWhatChanged() {
        assertThat(CopyAge.UNKNOWN.told(7, at(0), 7).lag(false, at(60))).contains(Duration.ofMinutes(1));
    }

    @Test
    void aCopyThatNeverHadAllIsBehindSinceThatIsKnown() {
        assertThat(CopyAge.UNKNOWN.told(8, at(2), 7).lag(true, at(5))).contains(Duration.ofSeconds(3));
    }
}
