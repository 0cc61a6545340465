package dev.photon.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process under test. What it says goes to a file, so that nothing of it is lost and nothing of it is waited for. */
final class ServerProcess implements AutoCloseable {
    /** How a server's line begins that says it serves; the address follows. */
    static final String READY = "ready ";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long STOP_SECONDS = 15;
    private static final int TAIL_LINES = 20;

    private final String name;
    private final Process process;
    private final Path output;

    private ServerProcess(String name, Process process, Path output) {
        this.name = name;
        this.process = process;
        this.output = output;
    }

    static ServerProcess start(String name, List<String> command, Path output) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        // Settings of the benchmark, which the product would refuse as unknown.
        builder.environment().keySet().removeIf(key -> key.startsWith("PHOTON_BENCH_"));
        return new ServerProcess(name, builder.start(), output);
    }

    /** The address in the line that says the server is ready. */
    URI awaitReady() throws IOException, InterruptedException {
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            var ready = lines().stream().filter(line -> line.startsWith(READY)).findFirst();
            if (ready.isPresent()) {
                return address(ready.get());
            }
            if (!process.isAlive()) {
                throw failure("ended before it was ready");
            }
            Thread.sleep(5);
        }
        throw failure("was not ready within " + PATIENCE.toSeconds() + " s");
    }

    private URI address(String ready) throws IOException {
        for (var word : ready.split(" ", -1)) {
            if (word.contains("://")) {
                return URI.create(word);
            }
        }
        throw failure("gave no address in its line '" + ready + "'");
    }

    /** Waits for the end of a process that ends by itself. */
    List<String> awaitEnd() throws IOException, InterruptedException {
        var code = process.waitFor();
        if (code != 0) {
            throw failure("ended with code " + code);
        }
        return lines();
    }

    /**
     * What of its memory is in the machine's (proc(5), VmRSS).
     *
     * @throws Skipped where the system does not tell
     */
    long residentKibibytes() throws Skipped, IOException {
        var status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) {
            throw new Skipped("there is no " + status);
        }
        for (var line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new Skipped(status + " says nothing of the resident memory");
    }

    /** The processor time that it and those it has started, and that live, have taken so far; 0 where the system does not tell. */
    double cpuSeconds() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(one -> one.info().totalCpuDuration())
                .flatMap(Optional::stream)
                .mapToDouble(taken -> taken.toNanos() / 1e9)
                .sum();
    }

    /** The processes that it has started and that live. */
    List<ProcessHandle> children() {
        return process.children().toList();
    }

    /** Ends it where it is. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What went wrong, with the last that the process said. */
    IOException failure(String what) throws IOException {
        var lines = lines();
        var tail = String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        return new IOException(name + " " + what + (tail.isEmpty() ? "" : "; it said:\n" + tail));
    }

    List<String> lines() throws IOException {
        return new String(Files.readAllBytes(output), UTF_8).lines().toList();
    }

    /**
     * Asks it to end and waits; then asks what it has started, for which it may wait itself; then ends all of it. Harmless
     * when it is over.
     */
    @Override
    public void close() {
        var started = process.descendants().toList();
        process.destroy();
        if (!ended()) {
            process.descendants().forEach(ProcessHandle::destroy);
            if (!ended()) {
                process.destroyForcibly();
            }
        }
        started.forEach(ProcessHandle::destroyForcibly);
    }

    private boolean ended() {
        try {
            return process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
