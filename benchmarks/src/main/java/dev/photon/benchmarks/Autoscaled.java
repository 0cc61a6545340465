package dev.photon.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A running {@code faas autoscale}.
 *
 * @param supervisor the parent of its executors
 */
record Autoscaled(ServerProcess supervisor) implements AutoCloseable {
    private static final Pattern CHANGE = Pattern.compile("executors \\d+ -> (\\d+): ");
    /** The supervisor's line; an executor has one of its own. */
    private static final Pattern READY = Pattern.compile("millis=\\d+ executor is ready");

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    /** What may take a while. */
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    static void await(Condition condition) throws IOException, InterruptedException {
        var until = System.nanoTime() + PATIENCE;
        while (!condition.holds()) {
            if (System.nanoTime() > until) {
                throw new IOException("a minute was not enough for things to be as they should");
            }
            Thread.sleep(10);
        }
    }

    int running() {
        return supervisor.children().size();
    }

    /** Those that it wants by its last decision; none before the first. */
    int wanted() throws IOException {
        var wanted = 0;
        for (var line : supervisor.lines()) {
            var change = CHANGE.matcher(line);
            if (change.find()) {
                wanted = Integer.parseInt(change.group(1));
            }
        }
        return wanted;
    }

    void awaitRunning(int executors) throws IOException, InterruptedException {
        await(() -> running() == executors);
    }

    /** Executors that have become ready, those that are gone included. */
    void awaitReady(int executors) throws IOException, InterruptedException {
        await(() -> supervisor.lines().stream()
                        .filter(line -> READY.matcher(line).find())
                        .count()
                >= executors);
    }

    /** The youngest executor, as {@code kill -9} ends it. */
    void killOne() {
        var victim = supervisor.children().getLast();
        victim.destroyForcibly();
        victim.onExit().toCompletableFuture().join();
    }

    @Override
    public void close() {
        supervisor.close();
    }
}
