package dev.photon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
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

    @Test
    void wakesItsConsumerWhenItIsClosed() throws Exception {
        var partition = new TopicPartition("anything", 0);
        var end = new CompletableFuture<Exception>();
        start(() -> {
            try (var consumer = new KafkaConnection("127.0.0.1:1").consumer("test", Map.of())) {
                thread.wakes(consumer);
                consumer.assign(List.of(partition));
                consumer.seek(partition, 0);
                hindrance.countDown();
                consumer.poll(Duration.ofDays(1));
            } catch (WakeupException | InterruptException e) {
                end.complete(e);
                throw e;
            }
        });
        hindrance.await();

        thread.close();

        assertThat(end).isCompletedWithValueMatching(WakeupException.class::isInstance);
    }

    @Test
    void endsAllAtOnce() throws Exception {
        var running = new CountDownLatch(2);
        var threads = new ArrayList<ConsumerThread>();
        var all = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            var index = i;
            threads.add(new ConsumerThread(new KafkaConnection("127.0.0.1:1"), NAME, Duration.ofSeconds(5), () -> {
                running.countDown();
                while (threads.get(index).goesOn()) {
                    Thread.onSpinWait();
                }
                // Each waits for the other's end.
                all.countDown();
                all.await();
            }));
        }
        thread = threads.getFirst();
        threads.forEach(ConsumerThread::start);
        running.await();

        ConsumerThread.closeAll(threads);

        assertThat(all.getCount()).isZero();
        assertThat(ConsumerThread.stuck(Duration.ZERO)).doesNotContain(NAME);
    }
}
