package dev.photon.executor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConsumerCountTest {
    private static final int A_SECOND = 4;
    private static final int HALF_A_MINUTE = 120;

    private final ConsumerCount count = new ConsumerCount(new ExecutorConfig.Consumers(1, 4));
    private int now = 1;

    private void look(int times, double load) {
        for (int i = 0; i < times; i++) {
            now = count.wanted(load, now);
        }
    }

    @Test
    void asManyAsALoadThatLasts() {
        look(A_SECOND - 1, 2.1);
        assertThat(now).isEqualTo(1);

        look(1, 2.1);

        assertThat(now).isEqualTo(3);
    }

    @Test
    void aBurstBringsNone() {
        look(HALF_A_MINUTE, 0.5);

        look(A_SECOND - 1, 4);
        look(HALF_A_MINUTE, 0.5);

        assertThat(now).isEqualTo(1);
    }

    @Test
    void aGapTakesNoneAway() {
        look(A_SECOND, 3);

        look(HALF_A_MINUTE - 1, 0);
        assertThat(now).isEqualTo(3);
        look(A_SECOND, 3);
        look(HALF_A_MINUTE - 1, 0);

        assertThat(now).isEqualTo(3);
    }

    @Test
    void whatWasNotReachedForHalfAMinuteGoes() {
        look(A_SECOND, 4);

        look(HALF_A_MINUTE, 1.5);

        assertThat(now).isEqualTo(2);
    }

    @Test
    void neverMoreThanTheMostNorFewerThanTheLeast() {
        look(A_SECOND, 100);
        assertThat(now).isEqualTo(4);

        look(HALF_A_MINUTE, 0);

        assertThat(now).isEqualTo(1);
    }
}
