package dev.photon.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;

/** Keeps a command in the foreground until the process is told to end, and has it close what it opened before it does. */
final class Foreground {
    private Foreground() {}

    /** Shuts the process down, as a signal would, once its standard input has ended. */
    @SuppressWarnings("SystemExitOutsideMain")
    static void endWithInput() {
        Thread.ofPlatform().name("input").daemon().start(() -> {
            try {
                System.in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // Then there is nobody at its other end either.
            }
            System.exit(0);
        });
    }

    /** Returns when the process is being shut down, which waits for {@code closing}. */
    static void stay(Runnable closing) throws InterruptedException {
        var told = new CountDownLatch(1);
        var hook = Thread.ofPlatform().name("shutdown").unstarted(() -> {
            try {
                closing.run();
            } finally {
                told.countDown();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        told.await();
    }
}
