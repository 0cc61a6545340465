package dev.photon.benchmarks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls a function so many times a second on a thread of its own, whether or not earlier calls have their answers. A call's
 * time counts from when it should have been sent. Thread-safe.
 */
final class SteadyLoad implements AutoCloseable {
    private final HttpClient client = Http.client();
    private final URI url;
    private final long gap;
    private final Thread thread;
    private final Phaser open = new Phaser(1);
    private final LongAdder answered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAccumulator longest = new LongAccumulator(Math::max, 0);
    private final AtomicLong sent = new AtomicLong();
    private volatile boolean stopped;
    private volatile long ended;

    private SteadyLoad(URI url, int rate) {
        this.url = url;
        this.gap = TimeUnit.SECONDS.toNanos(1) / rate;
        this.thread = Thread.ofPlatform().name("steady-load").unstarted(this::send);
    }

    static SteadyLoad start(URI url, int rate) {
        var load = new SteadyLoad(url, rate);
        load.thread.start();
        return load;
    }

    private void send() {
        var began = System.nanoTime();
        while (!stopped) {
            var due = began + sent.getAndIncrement() * gap;
            for (long left; (left = due - System.nanoTime()) > 0; ) {
                LockSupport.parkNanos(left);
            }
            open.register();
            client.sendAsync(Http.echo(url), HttpResponse.BodyHandlers.discarding())
                    .whenComplete((answer, failure) -> {
                        longest.accumulate(System.nanoTime() - due);
                        var right = failure == null && answer.statusCode() == 200;
                        (right ? answered : failed).increment();
                        open.arriveAndDeregister();
                    });
        }
    }

    /** Returns when every call has ended. */
    void stop() throws InterruptedException {
        stopped = true;
        thread.join();
        open.arriveAndAwaitAdvance();
        ended = System.nanoTime();
    }

    /** When the last call had ended, on {@link System#nanoTime}'s clock. */
    long ended() {
        return ended;
    }

    long sent() {
        return sent.get();
    }

    long answered() {
        return answered.sum();
    }

    long failed() {
        return failed.sum();
    }

    /** Of all calls that have ended. */
    double longestMillis() {
        return longest.get() / 1e6;
    }

    @Override
    public void close() {
        stopped = true;
        client.shutdownNow();
        client.close();
    }
}
