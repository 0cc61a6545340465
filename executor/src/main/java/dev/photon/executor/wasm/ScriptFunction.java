package dev.photon.executor.wasm;

import com.dylibso.chicory.wasm.types.MemoryLimits;
import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.executor.wasm.ScriptEngine.Step;
import dev.photon.protocol.Reply;
import dev.photon.registry.GuestModule;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A script that runs on an engine of its own each time. Its top level runs once, at the first call, and every run starts
 * from the engine's state after that; unless the top level asks for something that differs between runs, such as a
 * variable, the time or a random number: then it is part of each run. Thread-safe.
 */
public final class ScriptFunction implements LoadedFunction {
    /** Of one artifact: functions may share it, and give it variables of their own. */
    private static final int MAX_SNAPSHOTS = 16;

    /** What one of a small script takes beside the engine's own. */
    private static final long SNAPSHOT_BYTES = 256 << 10;

    private final ScriptEngine engine;
    private final byte[] source;
    private final Watchdog watchdog;
    private final MemoryPool memories;
    private final Map<Key, Snapshot> snapshots = new ConcurrentHashMap<>();

    ScriptFunction(ScriptEngine engine, byte[] source, Watchdog watchdog, MemoryPool memories) {
        this.engine = engine;
        this.source = source;
        this.watchdog = watchdog;
        this.memories = memories;
    }

    /** What a snapshot depends on besides the source. */
    private record Key(String function, Set<String> variables) {
        static Key of(Run run) {
            return new Key(run.request().function(), run.request().env().keySet());
        }
    }

    /**
     * What runs start from.
     *
     * @param topLevel the script's bytecode, which a run has yet to execute unless {@code complete}
     */
    private record Snapshot(MemoryImage image, QuickJs.Place topLevel, boolean complete) {}

    @Override
    public long codeBytes() {
        return (long) source.length + SNAPSHOT_BYTES;
    }

    /** Runs the top level, unless that is part of each run. */
    @Override
    public boolean warmUp(GuestRequest request, RunLimits limits, GuestLog log, int instances) {
        var run = new Run(GuestModule.Kind.COMMAND, request, limits, log, OutboundCalls.NONE);
        if (snapshots.containsKey(Key.of(run)) || snapshots.size() >= MAX_SNAPSHOTS || !hasRoom()) {
            return true;
        }
        var watch = watchdog.start(request.invocationId(), limits.runMillis(), () -> {});
        return WarmUp.succeeds(() -> snapshot(run), run, watch);
    }

    private boolean hasRoom() {
        return memories.hasRoom(engine.image().pages());
    }

    @Override
    public Reply.Outcome run(
            GuestRequest request,
            RunLimits limits,
            GuestLog log,
            OutboundCalls outbound,
            LargeAnswer large,
            EventSink events) {
        var run = new Run(GuestModule.Kind.COMMAND, request, limits, log, new Run.Ways(outbound, large, events, false));
        var watch = watchdog.start(request.invocationId(), limits.runMillis(), () -> {});
        Ending ending;
        try {
            ending = Ending.completed(run(run), run);
        } finally {
            watch.end();
        }
        return CompiledFunction.outcome(ending, run, watch);
    }

    private Ending run(Run run) {
        var host = new ScriptHost(new ScriptCalls(run));
        try {
            var snapshot = snapshot(run);
            try (var memory = memory(snapshot.image(), run.limits())) {
                var js = QuickJs.resume(memory, host);
                if (!snapshot.complete()) {
                    js.run(snapshot.topLevel());
                    js.run(engine.place(Step.LOAD));
                }
                // Ends by what the script tells its host, which throws.
                while (true) {
                    js.run(engine.place(Step.GO_ON));
                }
            }
        } catch (RuntimeException | Error e) {
            return ending(e, host, run);
        }
    }

    /** Two first runs at once both make one. Where that fails, the next run tries again. */
    private Snapshot snapshot(Run run) {
        var key = Key.of(run);
        var known = snapshots.get(key);
        if (known != null) {
            return known;
        }
        var made = load(run);
        if (snapshots.size() >= MAX_SNAPSHOTS) {
            snapshots.clear();
        }
        snapshots.put(key, made);
        return made;
    }

    private Snapshot load(Run run) {
        var calls = new ScriptCalls(run);
        var host = new ScriptHost(calls);
        try (var memory = memory(engine.image(), run.limits())) {
            var bytecode = compile(run, host);
            var js = QuickJs.resume(memory, host);
            js.run(engine.place(Step.PREPARE));
            var topLevel = js.store(bytecode);
            var before = js.image();
            calls.beginLoading();
            try {
                js.run(topLevel);
                js.run(engine.place(Step.LOAD));
            } catch (ImpureScript e) {
                return new Snapshot(before, topLevel, false);
            }
            return calls.loaded() ? new Snapshot(js.image(), topLevel, true) : new Snapshot(before, topLevel, false);
        } catch (RuntimeException e) {
            throw EnginePanic.of(e, host.panic(), calls.file());
        }
    }

    /** In an engine of its own, since an engine keeps what it compiled. */
    private byte[] compile(Run run, ScriptHost host) {
        try (var memory = memory(engine.image(), run.limits())) {
            return QuickJs.resume(memory, host).compile(ScriptCalls.file(run), source);
        }
    }

    private LinearMemory memory(MemoryImage image, RunLimits limits) {
        if (image.pages() > limits.memoryPages()) {
            throw new ScriptFailed("the script starts with %d pages of memory and its limit is %d"
                    .formatted(image.pages(), limits.memoryPages()));
        }
        var wanted = new MemoryLimits(image.pages(), limits.memoryPages());
        return memories.memory(wanted, CompiledFunction.memoryWaitMillis(limits))
                .startingFrom(image);
    }

    /** The engine stays within its memory but for the end of its stack, which lies at the memory's begin. */
    private static Ending ending(Throwable thrown, ScriptHost host, Run run) {
        return switch (thrown) {
            case IndexOutOfBoundsException outside -> new Ending.Trapped("nested calls too deep");
            case RuntimeException e -> Ending.of(EnginePanic.of(e, host.panic(), ScriptCalls.file(run)));
            default -> Ending.of(thrown);
        };
    }
}
