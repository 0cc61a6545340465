package dev.photon.cli.autoscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.photon.ingress.scaler.Demand;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GoalTest {
    private static final Demand IDLE = new Demand.Known(false, 0);
    private static final Demand UNKNOWN = new Demand.Unknown("nobody answers");

    private final Goal goal = new Goal(new Bounds(0, 4, 8, Duration.ofSeconds(20)));

    private int after(Demand demand, int second) {
        goal.after(demand, Duration.ofSeconds(second).toNanos());
        return goal.wanted();
    }

    private static Demand work(double runs) {
        return new Demand.Known(true, runs);
    }

    @Test
    void wakesOneHoweverLittleWaits() {
        assertThat(goal.after(work(0), 0)).isEqualTo(Optional.of(new Goal.Change(0, 1, "work waits")));
    }

    @Test
    void takesAsManyAsTheRunsNeedUpToTheMost() {
        assertThat(after(work(8), 0)).isEqualTo(1);
        assertThat(after(work(8.1), 1)).isEqualTo(2);
        assertThat(after(work(1e12), 2)).isEqualTo(4);
    }

    @Test
    void letsSomeGoWhenFewerHaveBeenEnoughForTheTimeToSettle() {
        after(work(32), 0);

        assertThat(after(work(1), 10)).isEqualTo(4);
        assertThat(after(work(16), 15)).isEqualTo(4);
        assertThat(after(work(1), 16)).isEqualTo(4);
        assertThat(after(work(1), 29)).isEqualTo(4);
        assertThat(after(work(1), 30)).isEqualTo(2);
        assertThat(after(work(1), 35)).isEqualTo(2);
        assertThat(after(work(1), 36)).isEqualTo(1);
    }

    @Test
    void countsTheTimeAnewAfterABurst() {
        after(work(32), 0);
        after(work(1), 10);
        after(work(32), 25);

        assertThat(after(work(1), 30)).isEqualTo(4);
        assertThat(after(work(1), 49)).isEqualTo(4);
        assertThat(after(work(1), 50)).isEqualTo(1);
    }

    @Test
    void goesBackToTheLeastWhenThereIsNothingToDo() {
        after(work(32), 0);

        assertThat(after(IDLE, 1)).isZero();
    }

    @Test
    void changesNothingByWhatIsNotKnown() {
        after(work(16), 0);

        assertThat(after(UNKNOWN, 1)).isEqualTo(2);
        assertThat(after(UNKNOWN, 1_000)).isEqualTo(2);
    }

    @Test
    void keepsTheLeastFromTheStartOn() {
        var kept = new Goal(new Bounds(2, 4, 8, Duration.ZERO));

        assertThat(kept.wanted()).isEqualTo(2);
        assertThat(kept.after(work(1), 0)).isEmpty();
        assertThat(kept.after(IDLE, 1)).isEmpty();
    }

    @Test
    void refusesBoundsThatMeanNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Bounds(-1, 4, 8, Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> new Bounds(0, 0, 8, Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> new Bounds(3, 2, 8, Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> new Bounds(0, 1, 0, Duration.ZERO));
    }
}
