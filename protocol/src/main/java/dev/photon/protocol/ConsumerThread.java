package dev.photon.protocol;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that owns consumers, one after the other: when Kafka fails one, the next is opened a little later. Those of
 * this process that get stuck can be asked for: a process that has one should be started anew. Thread-safe.
 */
public final class ConsumerThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerThread.class);
    private static final Duration RETRY = Duration.ofMillis(300);
    /** After a refusal, which only an operator ends. */
    private static final Duration REFUSED_RETRY = Duration.ofSeconds(2);

    private static final Duration INTERRUPTED_GRACE = Duration.ofSeconds(5);

    /** More than anything takes between two polls; the longest is the check of a large module, with two minutes. */
    private static final Duration LONGEST_STEP = Duration.ofMinutes(3);

    private static final Set<ConsumerThread> STARTED = ConcurrentHashMap.newKeySet();

    /** The life of one consumer. */
    public interface Term {

        /**
         * Opens a consumer, works with it and closes it. Asks before each poll whether it {@link #goesOn}, and returns
         * within a second when it does not. What it throws is logged, and ends this term only.
         *
         * @throws InterruptedException when it was interrupted, which ends the thread
         */
        void run() throws InterruptedException;
    }

    private final Refusals refusals;
    private final Duration grace;
    private final Term term;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean closed;
    private volatile long lastStep;
    private volatile Optional<Consumer<?, ?>> woken = Optional.empty();

    /**
     * A thread that has not started.
     *
     * @param grace how long {@link #close} waits before it interrupts the term
     */
    public ConsumerThread(KafkaConnection kafka, String name, Duration grace, Term term) {
        this.refusals = new Refusals(kafka);
        this.grace = grace;
        this.term = term;
        this.thread = Thread.ofPlatform().name(name).unstarted(this::terms);
    }

    /** Does nothing when it is closed already. */
    public synchronized void start() {
        if (!closed) {
            lastStep = System.nanoTime();
            STARTED.add(this);
            thread.start();
        }
    }

    /** Whether the term should go on. That it asks is the sign that it gets on. */
    public boolean goesOn() {
        lastStep = System.nanoTime();
        return !closed;
    }

    /**
     * From now on {@link #close} wakes this consumer up, so that nobody waits for the end of its poll: the term ends by
     * Kafka's {@link WakeupException}, wherever it reads.
     */
    public void wakes(Consumer<?, ?> consumer) {
        woken = Optional.of(consumer);
        if (closed) {
            consumer.wakeup();
        }
    }

    /** The names of this process's threads that have not got on for three minutes, though nobody closed them; sorted. */
    public static List<String> stuck() {
        return stuck(LONGEST_STEP);
    }

    static List<String> stuck(Duration longestStep) {
        var now = System.nanoTime();
        return STARTED.stream()
                .filter(started -> now - started.lastStep > longestStep.toNanos())
                .map(started -> started.thread.getName())
                .sorted()
                .toList();
    }

    private void terms() {
        while (goesOn()) {
            try {
                term.run();
            } catch (WakeupException | InterruptException | InterruptedException e) {
                closed = true;
            } catch (RuntimeException | Error e) {
                // An Error, too: without this thread its process would look alive and do nothing.
                var refused = refusals.tell(e);
                if (!refused) {
                    LOG.atWarn()
                            .addKeyValue("thread", thread.getName())
                            .addKeyValue("error", e.toString())
                            .log("consumer is opened anew");
                }
                pause(refused ? REFUSED_RETRY : RETRY);
            }
        }
    }

    private void pause(Duration time) {
        try {
            if (closing.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
                closed = true;
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /** Ends the term and returns when the thread has ended, or when it did not heed an interrupt for 5 s. */
    @Override
    public void close() {
        if (end()) {
            join();
        }
    }

    /** Ends all of them at the same time, and returns when the last has ended as {@link #close} does. */
    static void closeAll(Collection<ConsumerThread> threads) {
        threads.stream().filter(ConsumerThread::end).toList().forEach(ConsumerThread::join);
    }

    private void join() {
        try {
            if (!thread.join(grace)) {
                thread.interrupt();
                thread.join(INTERRUPTED_GRACE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False when it has never been started, and never will be. */
    private synchronized boolean end() {
        STARTED.remove(this);
        closed = true;
        closing.countDown();
        woken.ifPresent(Consumer::wakeup);
        return thread.getState() != Thread.State.NEW;
    }
}
