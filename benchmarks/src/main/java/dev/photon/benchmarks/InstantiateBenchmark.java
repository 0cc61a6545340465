package dev.photon.benchmarks;

import dev.photon.executor.wasm.Watchdog;
import dev.photon.registry.InvalidModule;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The compiled echo, run once: as a command in a fresh instance, and as a handler in one that served others. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class InstantiateBenchmark {
    private Watchdog watchdog;
    private WasmOnly command;
    private WasmOnly handler;

    @Setup
    public void compile() throws IOException, InvalidModule {
        watchdog = new Watchdog();
        command = new WasmOnly(watchdog, EchoGuest.COMMAND);
        handler = new WasmOnly(watchdog, EchoGuest.HANDLER);
    }

    @Benchmark
    public long instantiateAndRun() {
        return command.answer();
    }

    @Benchmark
    public long handle() {
        return handler.answer();
    }

    @TearDown
    public void close() {
        watchdog.close();
    }
}
