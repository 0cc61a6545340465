package dev.photon.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that says "ready …" on its standard output when it serves. Closing it asks it to end, and then makes it. */
final class ChildProcess implements AutoCloseable {
    private final Process process;
    private final String ready;

    private ChildProcess(Process process, String ready) {
        this.process = process;
        this.ready = ready;
    }

    /** The real {@code faas}, which becomes the JVM that it starts: one that compiles quickly, as the tests' own. */
    static ChildProcess faas(Map<String, String> environment, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(Launcher.FAAS.toString()));
        command.addAll(List.of(arguments));
        var all = new HashMap<>(environment);
        all.putIfAbsent("FAAS_JAVA_OPTIONS", Launcher.QUICK_COMPILER);
        return start(all, command);
    }

    /** A main class in a JVM of its own, on the tests' class path. */
    static ChildProcess java(Map<String, String> environment, String main, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseParallelGC",
                Launcher.QUICK_COMPILER,
                "-cp",
                System.getProperty("java.class.path"),
                main));
        command.addAll(List.of(arguments));
        return start(environment, command);
    }

    static ChildProcess start(Map<String, String> environment, List<String> command) throws IOException {
        var builder = new ProcessBuilder(command).redirectError(Redirect.DISCARD);
        builder.environment().putAll(environment);
        var process = builder.start();
        var reader = new BufferedReader(process.inputReader());
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith("ready ")) {
                return new ChildProcess(process, line);
            }
        }
        throw new AssertionError("the process ended before it was ready: " + command);
    }

    /** The line that said so. */
    String ready() {
        return ready;
    }

    /** Stops it where it is, as a machine that is out of memory would: its connections stay open, and nobody answers. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Those that it has started itself and that live. */
    List<ProcessHandle> children() {
        return process.children().toList();
    }

    /** As {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks it to end, and says whether it did within its grace period. */
    boolean stop() throws InterruptedException {
        process.destroy();
        return process.waitFor(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
