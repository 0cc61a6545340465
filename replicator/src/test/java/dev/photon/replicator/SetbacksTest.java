package dev.photon.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class SetbacksTest {
    private final RuntimeException refused =
            new KafkaException("error state", new InvalidTimestampException("too far ahead"));
    private final RuntimeException silent = new KafkaException("failed", new TimeoutException("no answer"));

    private final Setbacks setbacks = new Setbacks();

    @Test
    void oneFailureNeedsNoRest() {
        setbacks.add(refused);

        assertThat(setbacks.rest()).isZero();
    }

    @Test
    void theRestDoublesUpToTenSeconds() {
        setbacks.add(refused);
        for (var millis : new int[] {300, 600, 1_200, 2_400, 4_800, 9_600, 10_000, 10_000}) {
            setbacks.add(refused);

            assertThat(setbacks.rest()).isEqualTo(Duration.ofMillis(millis));
        }
    }

    @Test
    void theRestIsTheSameHoweverManyThereWere() {
        for (int i = 0; i < 1_000; i++) {
            setbacks.add(refused);
        }

        assertThat(setbacks.rest()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void whoGetsOnNeedsNoRest() {
        setbacks.add(refused);
        setbacks.add(refused);

        setbacks.clear();

        assertThat(setbacks.rest()).isZero();
    }

    @Test
    void theThirdFailureForTheSameReasonTellsItOnce() {
        assertThat(setbacks.add(refused)).isEmpty();
        assertThat(setbacks.add(refused)).isEmpty();
        assertThat(setbacks.add(refused))
                .hasValueSatisfying(reason -> assertThat(reason).contains("too far ahead"));
        assertThat(setbacks.add(refused)).isEmpty();
    }

    @Test
    void whatEndsByWaitingIsNotTold() {
        for (int i = 0; i < 10; i++) {
            assertThat(setbacks.add(silent)).isEmpty();
        }
    }

    @Test
    void anotherReasonBeginsAnew() {
        setbacks.add(refused);
        setbacks.add(refused);
        setbacks.add(silent);

        assertThat(setbacks.add(refused)).isEmpty();
    }

    @Test
    void whoGotOnBeginsAnew() {
        setbacks.add(refused);
        setbacks.add(refused);
        setbacks.clear();

        assertThat(setbacks.add(refused)).isEmpty();
    }
}
