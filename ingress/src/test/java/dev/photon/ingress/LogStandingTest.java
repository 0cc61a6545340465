package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogStandingTest {
    private static final Duration GIVEN_UP_AFTER = Duration.ofSeconds(10);
    private static final Duration A_MOMENT = Duration.ofMillis(1);

    private final AtomicLong now = new AtomicLong(-5);
    private final LogStanding standing = new LogStanding(now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private boolean admits() {
        return standing.admits(LogStanding.TRY_OR_REFUSE);
    }

    /** Sends one, which is given up after a while. */
    private void giveOneUp() {
        var sent = standing.sent();
        pass(GIVEN_UP_AFTER);
        standing.failed(sent, true);
    }

    @Test
    void takesCallsUntilNothingWasAcknowledgedForAWhile() {
        pass(Duration.ofHours(1));
        standing.sent();
        pass(LogStanding.PATIENCE);
        assertThat(standing.isStuck()).isFalse();

        pass(A_MOMENT);

        assertThat(standing.isStuck()).isTrue();
        assertThat(standing.isAway()).isFalse();
    }

    @Test
    void isStuckNoMoreWhenOneIsAcknowledged() {
        standing.sent();
        pass(Duration.ofSeconds(3));

        standing.acknowledged();

        assertThat(standing.isStuck()).isFalse();
    }

    @Test
    void isAwayOnceOneIsGivenUpAndNothingWasAcknowledgedSinceItWasSent() {
        giveOneUp();

        assertThat(standing.isAway()).isTrue();
        assertThat(standing.isStuck()).isTrue();
    }

    @Test
    void onePartitionThatTakesNothingDoesNotMakeTheLogAway() {
        var lost = standing.sent();
        pass(Duration.ofSeconds(9));
        standing.sent();
        standing.acknowledged();
        pass(Duration.ofSeconds(1));

        standing.failed(lost, true);

        assertThat(standing.isStuck()).isFalse();
    }

    @Test
    void whatCanNeverBeTakenSaysNothingOfTheLog() {
        var sent = standing.sent();
        pass(A_MOMENT);

        standing.failed(sent, false);

        assertThat(standing.isStuck()).isFalse();
    }

    @Test
    void whileItIsAwayOneCallInAPeriodIsLetTry() {
        giveOneUp();

        assertThat(admits()).isTrue();
        assertThat(admits()).isFalse();
        pass(LogStanding.TRY_OR_REFUSE);
        assertThat(admits()).isTrue();
        assertThat(admits()).isFalse();
    }

    @Test
    void whileItIsStuckOneCallInAPeriodIsLetTry() {
        standing.sent();
        pass(Duration.ofSeconds(3));

        assertThat(admits()).isTrue();
        assertThat(admits()).isFalse();
    }

    @Test
    void aCallThatTriesEndsTheOutage() {
        giveOneUp();
        assertThat(admits()).isTrue();
        standing.sent();

        standing.acknowledged();

        assertThat(standing.isStuck()).isFalse();
        assertThat(admits()).isTrue();
        assertThat(admits()).isTrue();
    }

    @Test
    void thatABrokerTakesSomethingElseLetsCallsTryAgain() {
        giveOneUp();

        standing.reached();

        assertThat(standing.isStuck()).isFalse();
    }

    @Test
    void thatABrokerTakesSomethingElseIsNoProgressOfThoseThatWait() {
        giveOneUp();
        standing.sent();
        pass(Duration.ofSeconds(3));

        standing.reached();

        assertThat(standing.isAway()).isFalse();
        assertThat(standing.isStuck()).isTrue();
    }

    @Test
    void ofManyWhoAskAtOnceOneMayTry() throws Exception {
        giveOneUp();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = IntStream.range(0, 100)
                    .mapToObj(number -> threads.submit(this::admits))
                    .toList();

            var admitted = 0;
            for (var answer : asked) {
                admitted += answer.get() ? 1 : 0;
            }
            assertThat(admitted).isOne();
        }
    }
}
