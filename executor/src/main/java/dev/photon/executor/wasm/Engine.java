package dev.photon.executor.wasm;

import dev.photon.registry.GuestModule;
import dev.photon.registry.InvalidModule;
import dev.photon.registry.Script;
import dev.photon.registry.TailCalls;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;

/** Turns artifacts into something that runs. Holds the watchdog and the memory of all runs. Thread-safe. */
public final class Engine {
    /** The most for each of a module's bytes. */
    private static final int PARSED_BYTES = 54;

    private final Watchdog watchdog;
    private final MemoryPool memories;
    /** Started by the first script. */
    private ScriptEngine scripts;

    /**
     * @param watchdog ends the runs of every function compiled here; closed by its owner, after the last run
     */
    public Engine(Watchdog watchdog) {
        this(watchdog, defaultMemory());
    }

    /**
     * @param watchdog ends the runs of every function compiled here; closed by its owner, after the last run
     * @param memoryBytes what the linear memories of all guests may take together, those that lie idle included, and what
     *     guests make this process keep beside them
     */
    public Engine(Watchdog watchdog, long memoryBytes) {
        this(watchdog, new MemoryPool(memoryBytes));
    }

    Engine(Watchdog watchdog, MemoryPool memories) {
        this.watchdog = watchdog;
        this.memories = memories;
        Rehearsal.run();
    }

    /** Half of the JVM's heap, in bytes. */
    public static long defaultMemory() {
        return Runtime.getRuntime().maxMemory() / 2;
    }

    /** What of the memory budget is neither used nor kept for the next run. */
    public long freeMemoryBytes() {
        return memories.freeBytes();
    }

    /**
     * Parses, checks and compiles a module, on the calling thread: some 100 ms for 100 KB. Functions that are too large
     * for a method of the JVM are left to the interpreter, 50 to 500 times slower. No class is defined.
     *
     * @param wasm the binary module, between the buffer's position and limit; not kept
     * @throws InvalidModule when it is not one that can run here
     */
    public CompiledCode translate(ByteBuffer wasm) throws InvalidModule {
        var module = GuestModule.read(wasm);
        return new Translator(module.parsed(), GuestModule.codeBytes(wasm)).translate();
    }

    /**
     * Defines the classes of a module: some 5 ms for 100 KB. They go when the result is unreachable.
     *
     * @param wasm what the code was made of; not kept
     * @throws InvalidModule when the JVM refuses the classes
     */
    public CompiledFunction load(ByteBuffer wasm, CompiledCode code) throws InvalidModule {
        try {
            var module = GuestModule.shell(wasm, code.interpreted()::contains);
            var loaded = GuestClasses.define(code);
            var bytes = code.bytes() + PARSED_BYTES * codeBytes(wasm, code.interpreted());
            return new CompiledFunction(module, loaded.machines(), watch(loaded.interruption()::heed), memories, bytes);
        } catch (LinkageError e) {
            throw new InvalidModule("the module cannot be compiled", e);
        }
    }

    private static long codeBytes(ByteBuffer wasm, Set<Integer> functions) throws InvalidModule {
        var all = GuestModule.codeBytes(wasm);
        return functions.stream().mapToLong(function -> all[function]).sum();
    }

    /**
     * A module of which everything is interpreted, ready as soon as it is parsed. A run has no effect but its outcome
     * and its log, so it can be given up and repeated. Parsed it takes some fifty times the module's size, of the memory
     * budget, until it is told to rest.
     *
     * @return empty when the module could have other effects or makes tail calls, and when others need the memory
     */
    public Optional<LoadedFunction> interpret(ByteBuffer wasm) throws InvalidModule {
        var share = new HostShare(memories);
        if (!share.takeSpare((long) PARSED_BYTES * wasm.remaining())) {
            return Optional.empty();
        }
        try {
            var module = GuestModule.read(wasm);
            if (module.imports().stream().allMatch(HostCall::isRepeatable) && !TailCalls.areIn(module.parsed())) {
                var function =
                        new CompiledFunction(module, Interpreter::new, watch(() -> {}), memories, wasm.remaining());
                return Optional.of(new Interpreted(function, new Lease(share)));
            }
            share.close();
            return Optional.empty();
        } catch (InvalidModule | RuntimeException | Error e) {
            share.close();
            throw e;
        }
    }

    /**
     * @param heed makes a module's compiled code look at the interrupt flag
     */
    private CompiledFunction.Watches watch(Runnable heed) {
        return (id, millis) -> watchdog.start(id, millis, heed);
    }

    /**
     * A script that is ready to run; whether it parses shows in its first run. The first script of a process takes the
     * time that the JavaScript engine takes to start.
     *
     * @param source in UTF-8; not kept
     */
    public ScriptFunction script(ByteBuffer source) {
        var bytes = new byte[source.remaining()];
        source.duplicate().get(bytes);
        return new ScriptFunction(scripts(), bytes, watchdog, memories);
    }

    /** Starts the JavaScript engine unless it has started, so that the first script need not wait. */
    public void prepareScripts() {
        scripts();
    }

    private synchronized ScriptEngine scripts() {
        if (scripts == null) {
            scripts = ScriptEngine.start();
        }
        return scripts;
    }

    /** What an artifact is when it was deployed with a language, ready to run. */
    public LoadedFunction function(ByteBuffer artifact, String lang) throws InvalidModule {
        return Script.is(artifact, lang) ? script(artifact) : compile(artifact);
    }

    /** Both steps of compiling at once. */
    public CompiledFunction compile(ByteBuffer wasm) throws InvalidModule {
        return load(wasm, translate(wasm));
    }
}
