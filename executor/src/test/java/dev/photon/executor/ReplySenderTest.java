package dev.photon.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReplySenderTest {
    private static final long NOW = Long.MAX_VALUE - 1;

    private static long tried(long leftSeconds) {
        var until = ReplySender.telling(NOW + TimeUnit.SECONDS.toNanos(leftSeconds), NOW);
        return TimeUnit.NANOSECONDS.toSeconds(until - NOW);
    }

    @Test
    void aTopicThatIsNotThereHoldsItsRecordForHalfAMinuteWhateverTheDeadline() {
        assertThat(tried(7 * 24 * 3_600)).isEqualTo(30);
    }

    @Test
    void aPublisherIsToldAlsoWhenTheDeadlineIsPast() {
        assertThat(tried(-5)).isEqualTo(10);
    }

    @Test
    void aPublisherIsToldUntilTheDeadline() {
        assertThat(tried(20)).isEqualTo(20);
    }
}
