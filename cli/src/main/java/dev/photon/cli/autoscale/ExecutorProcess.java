package dev.photon.cli.autoscale;

import dev.photon.executor.Membership;
import dev.photon.protocol.InvocationIds;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** An executor that this process has started. Thread-safe. */
final class ExecutorProcess {
    private static final String READY = "ready ";

    private final int place;
    private final Membership membership;
    private final Process process;
    private final long began = System.nanoTime();
    private volatile OptionalLong serving = OptionalLong.empty();

    private ExecutorProcess(int place, Membership membership, Process process) {
        this.place = place;
        this.membership = membership;
        this.process = process;
    }

    /**
     * @param ready is told once it serves, on a thread of its own
     */
    static ExecutorProcess start(Launch launch, int place, Consumer<ExecutorProcess> ready) throws IOException {
        var membership = new Membership("autoscale-" + InvocationIds.next());
        var process = launch.start(place, Map.of(Membership.SETTING, membership.name()));
        var executor = new ExecutorProcess(place, membership, process);
        Thread.ofVirtual().name("executor-output").start(() -> executor.read(ready));
        return executor;
    }

    /** To the end, or it would wait for us once the pipe is full. */
    private void read(Consumer<ExecutorProcess> ready) {
        try (var lines = process.inputReader()) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(READY)) {
                    serving = OptionalLong.of(System.nanoTime());
                    ready.accept(this);
                }
            }
        } catch (IOException e) {
            // It has ended, which is told by other means.
        }
    }

    int place() {
        return place;
    }

    Membership membership() {
        return membership;
    }

    long pid() {
        return process.pid();
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Since it said that it serves; zero before. */
    Duration served() {
        var since = serving;
        return since.isPresent() ? Duration.ofNanos(System.nanoTime() - since.getAsLong()) : Duration.ZERO;
    }

    /** Completes with its exit code. */
    CompletionStage<Integer> ended() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** Asks it to finish what it has begun and end. */
    void drain() {
        process.destroy();
    }

    /** Ends it where it is. */
    void kill() {
        process.destroyForcibly();
    }
}
