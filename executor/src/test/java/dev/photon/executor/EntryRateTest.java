package dev.photon.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    /** As many as may come at this moment. */
    private static int takeAll(EntryRate rate, int most) {
        var taken = 0;
        while (taken < most && rate.take()) {
            taken++;
        }
        return taken;
    }

    private void pass(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Property
    void atOnceThereComesTheBurstFromAllExecutorsAndOneEachAtLeast(
            @ForAll @IntRange(min = 1, max = 5_000) int burst, @ForAll @IntRange(min = 1, max = 8) int executors) {
        var rates = new ArrayList<EntryRate>();
        for (int executor = 0; executor < executors; executor++) {
            rates.add(rate(10, burst));
            rates.getLast().share(1, executors);
        }

        var taken = rates.stream().mapToInt(rate -> takeAll(rate, 10_000)).sum();

        assertThat(taken).isLessThanOrEqualTo(Math.max(burst, executors)).isGreaterThan(burst - executors);
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

        assertThat(taken).isLessThanOrEqualTo(burst + 10L * perSecond);
    }

    @Property(tries = 100)
    void whoWaitsAsItIsToldTakesWhatTheRateAllows(
            @ForAll @IntRange(min = 1, max = 2_000) int perSecond, @ForAll @IntRange(min = 1, max = 2_000) int burst) {
        var rate = rate(perSecond, burst);
        rate.share(1, 2);
        var taken = 0L;
        var end = nanos + TimeUnit.SECONDS.toNanos(20);

        while (nanos < end) {
            taken += takeAll(rate, 10_000);
            nanos += Math.max(1, rate.untilNext().toNanos());
        }

        assertThat(taken).isGreaterThanOrEqualTo(10L * perSecond - 1);
    }

    @Test
    void partitionsThatComeBackBringNoNewBurst() {
        var rate = rate(10, 100);
        rate.share(2, 4);
        assertThat(takeAll(rate, 1_000)).isEqualTo(50);

        rate.share(1, 4);
        rate.share(2, 4);
        assertThat(takeAll(rate, 1_000)).isZero();

        rate.share(3, 4);
        assertThat(takeAll(rate, 1_000))
                .as("one that is ours for the first time")
                .isEqualTo(25);
    }

    @Test
    void itIsWaitedForAtLeastAMillisecond() {
        var rate = rate(10_000, 1);
        rate.share(1, 1);
        takeAll(rate, 1);

        assertThat(rate.untilNext()).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void whatIsSpentComesBackWithTime() {
        var rate = rate(10, 10);
        rate.share(1, 1);
        assertThat(takeAll(rate, 100)).isEqualTo(10);
        assertThat(rate.take()).isFalse();
        assertThat(rate.untilNext()).isEqualTo(Duration.ofMillis(100));

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
    void anotherRateHoldsAtOnceAndIsNoNewBurst() {
        var rate = rate(10, 10);
        rate.share(1, 1);
        takeAll(rate, 100);

        rate.change(1_000, 1_000);
        assertThat(rate.take()).isFalse();
        pass(100);
        assertThat(takeAll(rate, 1_000)).isEqualTo(100);

        rate.change(0, 0);
        assertThat(takeAll(rate, 1_000)).isEqualTo(1_000);
        rate.change(10, 10);
        assertThat(rate.take()).isFalse();
    }

    @Test
    void withoutARateNothingWaits() {
        var rate = rate(0, 0);
        rate.share(1, 1);

        assertThat(takeAll(rate, 100_000)).isEqualTo(100_000);
        assertThat(List.of(rate.untilNext())).containsExactly(Duration.ZERO);
    }
}
