package dev.photon.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class GuestThreadsTest {
    private static final Duration GRACE = Duration.ofSeconds(20);

    @Test
    void runsShortTasksOnItsCores() throws Exception {
        try (var threads = new GuestThreads(2, 8, GRACE)) {
            var done = new CountDownLatch(50_000);
            var names = ConcurrentHashMap.<Thread>newKeySet();

            for (int i = 0; i < 50_000; i++) {
                threads.execute(() -> {
                    names.add(Thread.currentThread());
                    done.countDown();
                });
            }
            done.await();

            // Not always two: a task that the scheduler holds up for 20 ms counts as a long one.
            assertThat(names).hasSizeLessThan(8);
        }
    }

    @Test
    void addsThreadsWhenAllAreHeld() throws Exception {
        try (var threads = new GuestThreads(2, 8, GRACE)) {
            var release = new CountDownLatch(1);
            for (int i = 0; i < 5; i++) {
                threads.execute(() -> awaitQuietly(release));
            }
            var ran = new CountDownLatch(1);

            threads.execute(ran::countDown);

            ran.await();
            assertThat(threads.size()).isBetween(6, 8);
            release.countDown();
        }
    }

    @Test
    void addsThreadsForTasksThatWaitHoweverBriefly() {
        try (var threads = new GuestThreads(2, 8, GRACE)) {
            var going = new AtomicBoolean(true);
            for (int i = 0; i < 6; i++) {
                waitBrieflyAgainAndAgain(threads, going);
            }

            await().until(() -> threads.size() >= 6);

            going.set(false);
        }
    }

    private static void waitBrieflyAgainAndAgain(GuestThreads threads, AtomicBoolean going) {
        threads.execute(() -> {
            LockSupport.parkNanos(Duration.ofMillis(3).toNanos());
            if (going.get()) {
                waitBrieflyAgainAndAgain(threads, going);
            }
        });
    }

    @Test
    void addsNoMoreThanItsMaximum() {
        try (var threads = new GuestThreads(1, 3, GRACE)) {
            var release = new CountDownLatch(1);
            for (int i = 0; i < 5; i++) {
                threads.execute(() -> awaitQuietly(release));
            }

            await().until(() -> threads.waiting() == 2);

            assertThat(threads.size()).isEqualTo(3);
            release.countDown();
        }
    }

    @Test
    void letsTasksFinishWithinTheGraceWhenItCloses() {
        var done = new CountDownLatch(100);
        var threads = new GuestThreads(2, 8, GRACE);
        for (int i = 0; i < 100; i++) {
            threads.execute(done::countDown);
        }

        threads.close();

        assertThat(done.getCount()).isZero();
    }

    @Test
    void interruptsAfterTheGraceAndLeavesNoThread() throws Exception {
        var worker = new AtomicReference<Thread>();
        var begun = new CountDownLatch(1);
        var threads = new GuestThreads(1, 8, Duration.ZERO);
        threads.execute(() -> {
            worker.set(Thread.currentThread());
            begun.countDown();
            awaitQuietly(new CountDownLatch(1));
        });
        begun.await();

        threads.close();

        assertThat(threads.size()).isZero();
        worker.get().join();
    }

    @Test
    void acceptsNothingAfterItsEnd() {
        var threads = new GuestThreads(1, 8, GRACE);

        threads.close();

        assertThatThrownBy(() -> threads.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void keepsAThreadWhoseTaskThrew() throws Exception {
        try (var threads = new GuestThreads(1, 1, GRACE)) {
            threads.execute(() -> {
                throw new IllegalStateException("thrown by a test");
            });
            var ran = new CountDownLatch(1);

            threads.execute(ran::countDown);

            ran.await();
        }
    }

    @Test
    void runsAFunctionWhileAnotherHoldsAllItCan() throws Exception {
        try (var threads = new GuestThreads(1, 4, GRACE)) {
            var release = new CountDownLatch(1);
            var greedy = new CountDownLatch(10);
            for (int i = 0; i < 10; i++) {
                threads.execute(() -> threads.run("greedy", () -> {
                    awaitQuietly(release);
                    greedy.countDown();
                }));
            }
            var ran = new CountDownLatch(1);

            threads.execute(() -> threads.run("light", ran::countDown));

            ran.await();
            release.countDown();
            greedy.await();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void lowersThePriorityOfWhatComputesAndOfNothingElse() throws Exception {
        try (var threads = new GuestThreads(1, 1, GRACE)) {
            var before = niceness();
            var computed = new CountDownLatch(1);
            threads.execute(() -> {
                while (niceness() == before) {
                    Thread.onSpinWait();
                }
                computed.countDown();
            });
            computed.await();
            var next = new CompletableFuture<Integer>();

            threads.execute(() -> next.complete(niceness()));

            assertThat(next.get()).isEqualTo(before);
        }
    }

    /** Of the calling thread: the 19th field of proc_pid_stat(5). */
    private static int niceness() {
        try {
            var stat = Files.readString(Path.of("/proc/thread-self/stat"));
            var fromThird = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Integer.parseInt(fromThird[16]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
