package dev.photon.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * What a run needs and owns: a temporary folder and the processes it has started. Both are gone when it is closed, or
 * when the run is ended by a signal.
 */
final class Bench implements AutoCloseable {
    private final Path root = EchoGuest.root().toAbsolutePath();
    private final Pace pace = Pace.fromEnvironment();
    private final Path folder;
    private final Deque<ServerProcess> started = new ArrayDeque<>();
    private int files;
    private boolean closed;

    Bench() throws IOException {
        folder = Files.createTempDirectory("photon-bench");
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "bench-close"));
    }

    /** The repository. */
    Path root() {
        return root;
    }

    Pace pace() {
        return pace;
    }

    /** A new, empty folder for a server's state. */
    Path newFolder() throws IOException {
        return Files.createTempDirectory(folder, "state");
    }

    synchronized ServerProcess start(String name, List<String> command) throws IOException {
        if (closed) {
            // The hook has run: nobody would stop another one.
            throw new IOException("the run is being ended");
        }
        var process = ServerProcess.start(name, command, folder.resolve(name + "." + files++ + ".log"));
        started.push(process);
        return process;
    }

    /** Starts a main class of the benchmarks with the virtual machine's settings that the product has. */
    ServerProcess startJava(Class<?> main, List<String> arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseParallelGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:-DontCompileHugeMethods",
                "-XX:+UseCountedLoopSafepoints",
                "-XX:LoopStripMiningIter=1000",
                "-XX:CompileCommand=quiet",
                "-XX:CompileCommand=MaxNodeLimit,"
                        + "io.roastedroot.quickjs4j.core.JavyPluginModuleMachineFuncGroup_0::*,160000",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Djava.io.tmpdir=" + folder,
                "-Dphoton.root=" + root,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(arguments);
        return start(main.getSimpleName(), command);
    }

    @Override
    public synchronized void close() {
        closed = true;
        while (!started.isEmpty()) {
            started.pop().close();
        }
        if (Files.exists(folder)) {
            delete(folder);
        }
    }

    private static void delete(Path tree) {
        try (var paths = Files.walk(tree)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
