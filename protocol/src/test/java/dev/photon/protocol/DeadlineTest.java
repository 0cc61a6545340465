package dev.photon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    @Test
    void whatIsLeftShrinksAsTimePasses() {
        assertThat(new Deadline(10_000, 5_000).leftMillis(8_000)).isEqualTo(2_000);
    }

    @Test
    void aClockThatIsBehindGivesNoMoreThanTheSenderAllowed() {
        assertThat(new Deadline(10_000, 5_000).leftMillis(0)).isEqualTo(5_000);
    }

    @Test
    void nothingIsLeftAtTheDeadline() {
        assertThat(new Deadline(10_000, 5_000).leftMillis(10_000)).isZero();
        assertThat(new Deadline(10_000, 5_000).leftMillis(10_001)).isNegative();
    }

    @Property
    void whatIsLeftNeverGrowsBeyondEitherBound(
            @ForAll @LongRange(min = 0) long at,
            @ForAll @LongRange(min = 1) long remaining,
            @ForAll @LongRange(min = 0) long now) {
        var left = new Deadline(at, remaining).leftMillis(now);

        assertThat(left).isLessThanOrEqualTo(remaining).isLessThanOrEqualTo(at - now);
    }

    @Test
    void aNewDeadlineHasAllItsTime() {
        var before = System.currentTimeMillis();

        var deadline = Deadline.in(5_000);

        assertThat(deadline.remainingMillis()).isEqualTo(5_000);
        assertThat(deadline.epochMillis()).isBetween(before + 5_000, System.currentTimeMillis() + 5_000);
    }
}
