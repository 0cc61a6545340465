package dev.photon.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    private final Watchdog watchdog = new Watchdog();

    @AfterEach
    void close() {
        watchdog.close();
    }

    @Test
    void interruptsAThreadAtItsLimit() {
        var watch = watchdog.start(20, () -> {});
        var started = System.nanoTime();
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.park(this);
        }

        watch.end();

        assertThat(watch.expired()).isTrue();
        assertThat(System.nanoTime() - started).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void doesNotExpireARunThatEndedInTime() {
        var watch = watchdog.start(60_000, () -> {});

        watch.end();

        assertThat(watch.expired()).isFalse();
    }

    @Test
    void interruptsARunThatIsCancelled() {
        var watch = watchdog.start("id", 60_000, () -> {});

        watchdog.cancel("another");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        watchdog.cancel("id");
        assertThat(Thread.currentThread().isInterrupted()).isTrue();

        watch.end();
        assertThat(watch.cancelled()).isTrue();
        assertThat(watch.expired()).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void leavesTheInterruptOfAnotherAlone() {
        var watch = watchdog.start(60_000, () -> {});
        Thread.currentThread().interrupt();

        watch.end();

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void tellsOfTheInterruptOfAnother() {
        var told = new AtomicBoolean();
        var watch = watchdog.start(60_000, () -> told.set(true));
        Thread.currentThread().interrupt();

        while (!told.get()) {
            Thread.onSpinWait();
        }

        watch.end();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void watchesNothingAfterItsEnd() {
        watchdog.close();

        assertThatThrownBy(() -> watchdog.start(1, () -> {})).isInstanceOf(IllegalStateException.class);
    }

    /** Runs that end around their expiry, on several threads: the flag never outlives the run. */
    @Test
    void neverLeavesTheInterruptFlagSet() throws Exception {
        Callable<int[]> hammer = () -> {
            var counts = new int[2];
            for (int i = 0; i < 200; i++) {
                var watch = watchdog.start(1, () -> {});
                var until = System.nanoTime() + ThreadLocalRandom.current().nextInt(7_000_000);
                while (System.nanoTime() < until && !Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
                watch.end();
                for (int spin = 0; spin < 100; spin++) {
                    if (Thread.currentThread().isInterrupted()) {
                        throw new AssertionError("the flag is set after a run, expired: " + watch.expired());
                    }
                }
                counts[watch.expired() ? 1 : 0]++;
            }
            return counts;
        };

        try (var threads = Executors.newFixedThreadPool(4)) {
            var results = threads.invokeAll(
                    IntStream.range(0, 4).mapToObj(i -> hammer).toList());
            for (var result : results) {
                assertThat(result.get()).doesNotContain(0);
            }
        }
    }
}
