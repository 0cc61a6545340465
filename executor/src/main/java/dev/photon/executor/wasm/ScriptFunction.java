package dev.photon.executor.wasm;

import com.dylibso.chicory.wasm.types.MemoryLimits;
import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.executor.wasm.ScriptEngine.Step;
import dev.photon.executor.wasm.Snapshots.Snapshot;
import dev.photon.protocol.Reply;
import dev.photon.registry.GuestModule;
import java.util.Optional;

/**
 * A script that runs on an engine of its own each time. Its top level runs once, at the first call, and every run starts
 * from the engine's state after that; unless the top level asks for something that differs between runs, such as a
 * variable, the time or a random number, or there is no memory to keep that state in: then it is part of each run. What is
 * kept goes when memory is short. Thread-safe.
 */
public final class ScriptFunction implements LoadedFunction {
    /** What one of a small script takes beside the engine's own. */
    private static final long SNAPSHOT_BYTES = 256 << 10;

    private final ScriptEngine engine;
    private final byte[] source;
    private final Watchdog watchdog;
    private final MemoryPool memories;
    private final Snapshots snapshots = new Snapshots();

    ScriptFunction(ScriptEngine engine, byte[] source, Watchdog watchdog, MemoryPool memories) {
        this.engine = engine;
        this.source = source;
        this.watchdog = watchdog;
        this.memories = memories;
        memories.mayDrop(snapshots);
    }

    @Override
    public long codeBytes() {
        return (long) source.length + SNAPSHOT_BYTES;
    }

    /** Runs the top level, unless that is part of each run. */
    @Override
    public boolean warmUp(GuestRequest request, RunLimits limits, GuestLog log, int instances) {
        var ways = new Run.Ways(OutboundCalls.NONE, LargeAnswer.NONE, EventSink.NONE, false);
        var run = new Run(GuestModule.Kind.COMMAND, request, limits, log, ways, memories);
        if (!snapshots.wants(Snapshots.Key.of(run)) || !hasRoom()) {
            return true;
        }
        var watch = watchdog.start(request.invocationId(), limits.runMillis(), () -> {});
        return WarmUp.succeeds(
                () -> snapshot(run).ifPresent(made -> made.lease().leave()), run, watch);
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
        var ways = new Run.Ways(outbound, large, events, false);
        try (var run = new Run(GuestModule.Kind.COMMAND, request, limits, log, ways, memories)) {
            var watch = watchdog.start(request.invocationId(), limits.runMillis(), () -> {});
            Ending ending;
            try {
                ending = Ending.completed(run(run), run);
            } finally {
                watch.end();
            }
            return CompiledFunction.outcome(ending, run, watch);
        }
    }

    private Ending run(Run run) {
        var host = new ScriptHost(new ScriptCalls(run));
        try {
            var snapshot = snapshot(run);
            return snapshot.isPresent() ? resume(snapshot.get(), run, host) : begin(run, host);
        } catch (RuntimeException | Error e) {
            return ending(e, host, run);
        }
    }

    private Ending resume(Snapshot snapshot, Run run, ScriptHost host) {
        try (var memory = memory(snapshot.image(), run.limits())) {
            var js = QuickJs.resume(memory, host);
            if (!snapshot.complete()) {
                js.run(snapshot.topLevel());
                js.run(engine.place(Step.LOAD));
            }
            return goOn(js);
        } finally {
            snapshot.lease().leave();
        }
    }

    /** Without a snapshot. */
    private Ending begin(Run run, ScriptHost host) {
        try (var memory = memory(engine.image(), run.limits())) {
            var prepared = prepare(memory, run, host);
            var js = prepared.engine();
            js.run(prepared.topLevel());
            js.run(engine.place(Step.LOAD));
            return goOn(js);
        }
    }

    /** Ends by what the script tells its host, which throws. */
    private Ending goOn(QuickJs js) {
        while (true) {
            js.run(engine.place(Step.GO_ON));
        }
    }

    /**
     * Who gets one ends its lease. Two first runs at once both make one. Where that fails, or there is no memory for it,
     * the next run tries again.
     */
    private Optional<Snapshot> snapshot(Run run) {
        var key = Snapshots.Key.of(run);
        var known = snapshots.find(key);
        if (known.isPresent() || !hasRoom()) {
            return known;
        }
        var made = load(run);
        made.ifPresent(snapshot -> snapshots.keep(key, snapshot));
        return made;
    }

    @Override
    public void rest() {
        snapshots.close();
    }

    private Optional<Snapshot> load(Run run) {
        var calls = new ScriptCalls(run);
        var host = new ScriptHost(calls);
        try (var memory = memory(engine.image(), run.limits())) {
            var prepared = prepare(memory, run, host);
            return keepable(memory, prepared.topLevel(), false)
                    .map(before -> loaded(prepared.engine(), memory, calls, before));
        } catch (RuntimeException e) {
            throw EnginePanic.of(e, host.panic(), calls.file());
        }
    }

    /** What is behind the top level, if that can be kept, and else what was before. */
    private Snapshot loaded(QuickJs js, LinearMemory memory, ScriptCalls calls, Snapshot before) {
        Optional<Snapshot> behind;
        try {
            behind = loads(js, calls, before.topLevel()) ? keepable(memory, before.topLevel(), true) : Optional.empty();
        } catch (RuntimeException | Error e) {
            before.lease().leave();
            throw e;
        }
        if (behind.isEmpty()) {
            return before;
        }
        before.lease().leave();
        calls.logHeld();
        return behind.get();
    }

    private boolean loads(QuickJs js, ScriptCalls calls, QuickJs.Place topLevel) {
        calls.beginLoading();
        try {
            js.run(topLevel);
            js.run(engine.place(Step.LOAD));
            return calls.loaded();
        } catch (ImpureScript e) {
            return false;
        }
    }

    /** What the memory holds now, unless others need the room. */
    private Optional<Snapshot> keepable(LinearMemory memory, QuickJs.Place topLevel, boolean complete) {
        var share = new HostShare(memories);
        if (!share.takeSpare(memory.imageBytes())) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Snapshot(memory.image(), topLevel, complete, new Lease(share)));
        } catch (OutOfMemoryError e) {
            share.close();
            return Optional.empty();
        }
    }

    /** An engine that holds the script's bytecode, and is about to run it. */
    private record Prepared(QuickJs engine, QuickJs.Place topLevel) {}

    /**
     * An engine keeps what it compiled, so the script runs on another one. Both have one memory, one after the other: runs
     * that hold one and wait for a second could wait for each other.
     */
    private Prepared prepare(LinearMemory memory, Run run, ScriptHost host) {
        try (var room = run.share()) {
            var bytecode = QuickJs.resume(memory, host).compile(ScriptCalls.file(run), source, room);
            memory.startOver();
            var js = QuickJs.resume(memory, host);
            js.run(engine.place(Step.PREPARE));
            return new Prepared(js, js.store(bytecode));
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
