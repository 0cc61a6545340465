package dev.photon.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RunPermitsTest {
    private final RunPermits permits = new RunPermits(100);

    @Test
    void letsInAsManyAsTheFunctionMayRun() {
        var first = permits.enter("one", 2);
        var second = permits.enter("one", 2);
        var third = permits.enter("one", 2);

        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(third).isNotDone();
        assertThat(permits.enter("another", 2)).isCompleted();
    }

    @Test
    void letsInTheOthersInTheOrderOfTheirComing() {
        var running = permits.enter("one", 1);
        var second = permits.enter("one", 1);
        var third = permits.enter("one", 1);

        running.join().close();

        assertThat(second).isCompleted();
        assertThat(third).isNotDone();
        second.join().close();
        assertThat(third).isCompleted();
    }

    @Test
    void countsAPermitThatIsClosedTwiceOnce() {
        var running = permits.enter("one", 1);
        var second = permits.enter("one", 1);
        var third = permits.enter("one", 1);

        running.join().close();
        running.join().close();

        assertThat(second).isCompleted();
        assertThat(third).isNotDone();
    }

    @Test
    void passesOverThoseWhoGaveUp() {
        var running = permits.enter("one", 1);
        var impatient = permits.enter("one", 1);
        var patient = permits.enter("one", 1);

        impatient.cancel(false);
        running.join().close();

        assertThat(patient).isCompleted();
        assertThatThrownBy(impatient::join).isInstanceOf(CancellationException.class);
    }

    @Test
    void letsInMoreWhenWhoeverWantedFewerGivesUp() {
        assertThat(permits.enter("one", 2)).isCompleted();
        var older = permits.enter("one", 1);
        var newer = permits.enter("one", 2);
        assertThat(newer).isNotDone();

        older.cancel(false);

        assertThat(newer).isCompleted();
    }

    @Test
    void boundsEveryFunctionByTheServersCap() {
        var capped = new RunPermits(1);

        assertThat(capped.enter("one", 5)).isCompleted();
        assertThat(capped.enter("one", 5)).isNotDone();
    }

    /** Many threads; some wait, some give up, some close twice: never more than three run, and all of the rest do. */
    @Test
    void neitherLosesNorInventsPermits() {
        var running = new AtomicInteger();
        var highest = new AtomicInteger();
        var ran = new AtomicInteger();
        var gaveUp = new AtomicInteger();
        var all = new ArrayList<CompletableFuture<Void>>();

        try (var threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 20_000; i++) {
                var patience = new Random(i);
                all.add(CompletableFuture.supplyAsync(() -> permits.enter("one", 3), threads)
                        .thenCompose(turn -> {
                            if (patience.nextInt(5) == 0) {
                                turn.cancel(false);
                            }
                            return turn.handleAsync(
                                    (permit, failure) -> {
                                        if (failure != null) {
                                            gaveUp.incrementAndGet();
                                            return null;
                                        }
                                        highest.accumulateAndGet(running.incrementAndGet(), Math::max);
                                        ran.incrementAndGet();
                                        running.decrementAndGet();
                                        permit.close();
                                        permit.close();
                                        return null;
                                    },
                                    threads);
                        }));
            }
            all.forEach(CompletableFuture::join);
        }

        assertThat(highest).hasValueBetween(1, 3);
        assertThat(ran.get() + gaveUp.get()).isEqualTo(20_000);
        assertThat(permits.enter("one", 1)).isCompleted();
    }
}
