package dev.photon.replicator;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits that are over when what waits is closed. Thread-safe. */
final class Pauses implements AutoCloseable {
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * @throws InterruptedException when it was closed, too
     */
    void await(Duration time) throws InterruptedException {
        if (closed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new InterruptedException("closed");
        }
    }

    boolean closed() {
        return closed.getCount() == 0;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
