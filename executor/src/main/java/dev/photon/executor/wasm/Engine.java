package dev.photon.executor.wasm;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import dev.photon.registry.GuestModule;
import dev.photon.registry.InvalidModule;
import java.nio.ByteBuffer;

/** Turns artifacts into something that runs. Holds nothing but the watchdog of all runs. Thread-safe. */
public final class Engine {
    private final Watchdog watchdog;

    /**
     * @param watchdog ends the runs of every function compiled here; closed by its owner, after the last run
     */
    public Engine(Watchdog watchdog) {
        this.watchdog = watchdog;
        Rehearsal.run();
    }

    /**
     * Parses, checks and compiles a module, on the calling thread: some 100 ms for 100 KB. Functions that are too large
     * for a method of the JVM are interpreted, 50 to 500 times slower. The classes go when the result is unreachable.
     *
     * @param wasm the binary module, between the buffer's position and limit; not kept
     * @throws InvalidModule when it is not one that can run here
     */
    public CompiledFunction compile(ByteBuffer wasm) throws InvalidModule {
        var module = GuestModule.read(wasm);
        try {
            var cache = new RewrittenCode();
            var builder = MachineFactoryCompiler.builder(module.parsed())
                    .withInterpreterFallback(InterpreterFallback.SILENT)
                    .withCache(cache);
            builder.compile();
            // Only what comes out of the cache is rewritten.
            var machines = builder.compile();
            return new CompiledFunction(module, machines, watchdog);
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            throw new InvalidModule("the module cannot be compiled", e);
        }
    }
}
