package dev.photon.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BandwidthTest {
    private static final long SECOND = 1_000_000_000;

    private long now = 7;

    @Test
    void withoutALimitNothingWaits() {
        var bandwidth = new Bandwidth(0, () -> now);

        assertThat(bandwidth.nanosAfterContent(Long.MAX_VALUE)).isZero();
        assertThat(bandwidth.nanosAfterRecords(Long.MAX_VALUE)).isZero();
    }

    @Test
    void whatIsReadInASecondNeedsNoWait() {
        var bandwidth = new Bandwidth(1_000, () -> now);

        assertThat(bandwidth.nanosAfterContent(1_000)).isZero();
        assertThat(bandwidth.nanosAfterContent(500)).isEqualTo(SECOND / 2);
    }

    @Test
    void anIdleLineSavesNoMoreThanASecond() {
        var bandwidth = new Bandwidth(1_000, () -> now);
        now += 100 * SECOND;

        assertThat(bandwidth.nanosAfterContent(3_000)).isEqualTo(2 * SECOND);
    }

    @Test
    void recordsDoNotWaitForContent() {
        var bandwidth = new Bandwidth(1_000, () -> now);
        bandwidth.nanosAfterContent(100_000);

        assertThat(bandwidth.nanosAfterRecords(1_000)).isZero();
    }

    @Test
    void contentWaitsForRecordsToo() {
        var bandwidth = new Bandwidth(1_000, () -> now);
        bandwidth.nanosAfterRecords(1_000);

        assertThat(bandwidth.nanosAfterContent(1_000)).isEqualTo(SECOND);
    }

    @Property
    void whoeverWaitsAsToldReadsNoMoreThanTheLimitAndASecondsWorth(
            @ForAll List<@IntRange(max = 100_000) Integer> reads,
            @ForAll @IntRange(min = 1, max = 1_000_000) int bytesPerSecond) {
        var begun = now;
        var bandwidth = new Bandwidth(bytesPerSecond, () -> now);
        var sum = 0L;
        for (var bytes : reads) {
            now += bandwidth.nanosAfterContent(bytes);
            sum += bytes;
        }

        var allowed = (now - begun + SECOND) / (double) SECOND * bytesPerSecond;
        assertThat((double) sum).isLessThanOrEqualTo(allowed + reads.size());
    }
}
