package dev.photon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsumerThreadTest {
    private static final Duration LONGEST_STEP = Duration.ofMillis(200);
    private static final String NAME = "a reader of this test";

    private final CountDownLatch hindrance = new CountDownLatch(1);
    private final AtomicInteger terms = new AtomicInteger();
    private ConsumerThread thread;

    private void start(ConsumerThread.Term term) {
        thread = new ConsumerThread(new KafkaConnection("127.0.0.1:1"), NAME, Duration.ofSeconds(5), term);
        thread.start();
    }

    @AfterEach
    void close() {
        hindrance.countDown();
        thread.close();
    }

    @Test
    void neverStartsOnceItIsClosed() {
        thread = new ConsumerThread(
                new KafkaConnection("127.0.0.1:1"), NAME, Duration.ofSeconds(5), terms::incrementAndGet);

        thread.close();
        thread.start();

        assertThat(terms).hasValue(0);
        assertThat(ConsumerThread.stuck(Duration.ZERO)).doesNotContain(NAME);
    }

    @Test
    void isStuckWhileItDoesNotAskWhetherItGoesOn() {
        start(() -> {
            hindrance.await();
            while (thread.goesOn()) {
                Thread.onSpinWait();
            }
        });
        await().until(() -> ConsumerThread.stuck(LONGEST_STEP).contains(NAME));
        assertThat(ConsumerThread.stuck()).doesNotContain(NAME);

        hindrance.countDown();

        await().until(() -> !ConsumerThread.stuck(LONGEST_STEP).contains(NAME));
    }

    @Test
    void isStuckWhenItEndedThoughNobodyClosedIt() {
        start(() -> {
            throw new InterruptedException();
        });

        await().until(() -> ConsumerThread.stuck(LONGEST_STEP).contains(NAME));
    }

    @Test
    void isNotStuckOnceItIsClosed() {
        start(hindrance::await);
        await().until(() -> ConsumerThread.stuck(LONGEST_STEP).contains(NAME));
        hindrance.countDown();

        thread.close();

        assertThat(ConsumerThread.stuck(LONGEST_STEP)).doesNotContain(NAME);
    }

    @Test
    void beginsAnotherTermWhenOneFails() {
        start(() -> {
            if (terms.incrementAndGet() == 1) {
                throw new IllegalStateException("the first term's end");
            }
            while (thread.goesOn()) {
                Thread.onSpinWait();
            }
        });

        await().until(() -> terms.get() == 2);
    }
}
