package dev.photon.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    private final ByteBudget budget = new ByteBudget(100);

    @Test
    void givesWhatThereIsAndNoMore() {
        var first = budget.take(60);
        var second = budget.take(41);

        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
        first.join().close();
        assertThat(second).isCompleted();
    }

    @Test
    void servesInTheOrderOfAskingSoThatLargeOnesGetTheirTurn() {
        var first = budget.take(60);
        var large = budget.take(100);
        var small = budget.take(10);

        assertThat(small).isNotDone();
        first.join().close();
        assertThat(large).isCompleted();
        assertThat(small).isNotDone();
    }

    @Test
    void passesOverThoseWhoGaveUp() {
        var first = budget.take(60);
        var large = budget.take(100);
        var small = budget.take(10);

        large.completeExceptionally(new CancellationException());

        assertThat(small).isCompleted();
        first.join().close();
        small.join().close();
        assertThat(budget.take(100)).isCompleted();
    }

    @Test
    void countsAShareThatIsClosedTwiceOnce() {
        var first = budget.take(60);
        budget.take(40);

        first.join().close();
        first.join().close();

        assertThat(budget.take(61)).isNotDone();
    }

    @Test
    void neverGivesMoreThanThereIsToManyThreads() throws Exception {
        var used = new AtomicLong();
        var most = new AtomicLong();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (int thread = 0; thread < 8; thread++) {
                threads.submit(() -> {
                    for (int i = 1; i <= 5_000; i++) {
                        var bytes = 1 + i % 50;
                        var share = budget.take(bytes).join();
                        most.accumulateAndGet(used.addAndGet(bytes), Math::max);
                        used.addAndGet(-bytes);
                        share.close();
                    }
                });
            }
        }

        assertThat(most.get()).isBetween(1L, 100L);
        assertThat(budget.take(100)).isCompleted();
    }
}
