package dev.photon.ingress.scaler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final Optional<Integer> TWO = Optional.of(2);

    private final Backlog backlog = new Backlog();
    private long now = Long.MAX_VALUE - 2 * SECOND;

    private void read(long unfinished, long finished, Optional<Integer> members) {
        backlog.read(unfinished, finished, members, now);
        now += SECOND;
    }

    @Test
    void whatWaitsIsDoneAtThePaceOfTheLastSeconds() {
        read(900, 100, TWO);
        read(1_000, 200, TWO);
        read(1_000, 300, TWO);
        read(1_000, 400, TWO);

        assertThat(backlog.expectedWait()).hasValue(Duration.ofSeconds(10));
    }

    @Test
    void onlyTheLastSecondsCount() {
        for (var slow = 0; slow < 10; slow++) {
            read(1_000, slow, TWO);
        }
        for (var fast = 1; fast <= 6; fast++) {
            read(1_000, 9 + 500 * fast, TWO);
        }

        assertThat(backlog.expectedWait()).hasValue(Duration.ofSeconds(2));
    }

    @Test
    void aBurstIsNotJudgedAtOnce() {
        read(1_000, 100, TWO);
        read(999, 101, TWO);

        assertThat(backlog.expectedWait()).isEmpty();
    }

    @Test
    void whereNothingEndsNothingIsKnown() {
        for (var i = 0; i < 6; i++) {
            read(10, 100, TWO);
        }

        assertThat(backlog.expectedWait()).isEmpty();
    }

    @Test
    void whereNothingWaitsThereIsNoWait() {
        for (var i = 1; i < 6; i++) {
            read(1_000, 100L * i, TWO);
        }
        read(0, 1_600, TWO);

        assertThat(backlog.expectedWait()).isEmpty();
    }

    @Test
    void whatWasSeenBeforeAFailureDoesNotCount() {
        for (var i = 1; i < 6; i++) {
            read(1_000, 100L * i, Optional.of(0));
        }
        backlog.unknown();

        assertThat(backlog.expectedWait()).isEmpty();
        assertThat(backlog.isUnattended()).isFalse();
    }

    @Test
    void callsThatWaitWhereNoExecutorIsAreUnattended() {
        read(1, 100, Optional.of(0));

        assertThat(backlog.isUnattended()).isTrue();
    }

    @Test
    void theFirstCallOfAPoolIsToWakeAnExecutor() {
        read(0, 100, Optional.of(0));

        assertThat(backlog.isUnattended()).isFalse();
    }

    @Test
    void anUnknownNumberOfExecutorsIsNotNone() {
        read(1, 100, Optional.empty());

        assertThat(backlog.isUnattended()).isFalse();
    }
}
