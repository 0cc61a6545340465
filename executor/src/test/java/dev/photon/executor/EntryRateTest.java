package dev.photon.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EntryRateTest {
    private long nanos;

    private EntryRate rate(int rate, int burst) {
        return new EntryRate(rate, burst, () -> nanos);
    }

    /** As many as may come at this moment, a batch at a time. */
    private static int takeAll(EntryRate rate, int most) {
        var taken = 0;
        while (!rate.isSpent() && taken < most) {
            for (int i = 0; i < rate.batch(); i++) {
                rate.took();
                taken++;
            }
        }
        return taken;
    }

    private void pass(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Property
    void atOnceThereComesTheBurstAndNoMore(@ForAll @IntRange(min = 1, max = 5_000) int burst) {
        var rate = rate(10, burst);
        rate.share(4, 4);

        assertThat(takeAll(rate, 10_000)).isLessThanOrEqualTo(burst);
    }

    @Test
    void theBurstIsReallyThere() {
        var rate = rate(10, 100);
        rate.share(1, 1);

        assertThat(takeAll(rate, 10_000)).isEqualTo(100);
    }

    @Property
    void inTheLongRunTheRateHolds(
            @ForAll @IntRange(min = 1, max = 2_000) int perSecond, @ForAll @IntRange(min = 1, max = 2_000) int burst) {
        var rate = rate(perSecond, burst);
        rate.share(1, 1);
        var taken = 0L;

        for (int tenth = 0; tenth < 100; tenth++) {
            taken += takeAll(rate, 10_000);
            pass(100);
        }

        assertThat(taken).isLessThanOrEqualTo(burst + 10L * perSecond + rate.batch());
    }

    @Test
    void whatIsSpentComesBackWithTime() {
        var rate = rate(10, 10);
        rate.share(1, 1);
        assertThat(takeAll(rate, 100)).isEqualTo(10);
        assertThat(rate.isSpent()).isTrue();

        pass(1_000);

        assertThat(takeAll(rate, 100)).isEqualTo(10);
    }

    @Test
    void anExecutorThatHasAQuarterOfThePartitionsHasAQuarterOfTheRate() {
        var rate = rate(100, 100);
        rate.share(1, 4);
        takeAll(rate, 1_000);
        pass(10_000);
        takeAll(rate, 1_000);
        var taken = 0;

        for (int second = 0; second < 8; second++) {
            pass(1_000);
            taken += takeAll(rate, 1_000);
        }

        assertThat(taken).isEqualTo(200);
    }

    @Test
    void withoutARateNothingWaits() {
        var rate = rate(0, 0);
        rate.share(1, 1);

        assertThat(takeAll(rate, 100_000)).isGreaterThanOrEqualTo(100_000);
    }
}
