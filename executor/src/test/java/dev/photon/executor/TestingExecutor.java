package dev.photon.executor;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** Runs tasks when it is told to, on the teller's thread. Thread-safe. */
final class TestingExecutor implements Executor {
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    @Override
    public synchronized void execute(Runnable task) {
        waiting.add(task);
    }

    synchronized int waiting() {
        return waiting.size();
    }

    private synchronized Runnable next() {
        return waiting.remove();
    }

    void runAll() {
        while (waiting() > 0) {
            next().run();
        }
    }
}
