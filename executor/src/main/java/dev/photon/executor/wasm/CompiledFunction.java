package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Reply;
import dev.photon.registry.GuestModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A module whose code is ready. Each run of a command gets an instance of its own; a handler's instances serve one
 * request after the other, unless the request says otherwise or a run did not end well. Thread-safe.
 */
public final class CompiledFunction implements LoadedFunction {
    /** A run that finds no room for its memory waits that long, on its guest thread. */
    private static final long MEMORY_WAIT_MILLIS = 250;

    private final GuestModule module;
    private final Function<Instance, Machine> machines;
    private final List<HostCall> imports;
    private final Watches watches;
    private final MemoryPool memories;
    private final long codeBytes;
    private final long besideBytes;
    private final InstancePool idle;
    /** Of the memory of the last instance that was made ready: it may have grown. */
    private volatile int instancePages;

    /** Begins to watch the calling thread for a run of so many milliseconds. */
    interface Watches {
        Watchdog.Watch start(String invocationId, long millis);
    }

    CompiledFunction(
            GuestModule module,
            Function<Instance, Machine> machines,
            Watches watches,
            MemoryPool memories,
            long codeBytes) {
        this.module = module;
        this.machines = machines;
        this.imports = module.imports().stream().map(HostCall::of).toList();
        this.watches = watches;
        this.memories = memories;
        this.codeBytes = codeBytes;
        this.besideBytes = InstanceSize.beyondAPage(module.parsed());
        this.idle = new InstancePool(memories);
    }

    @Override
    public long codeBytes() {
        return codeBytes;
    }

    @Override
    public int warmInstances(String function, String version) {
        return idle.count(function, version);
    }

    @Override
    public boolean warmUp(GuestRequest request, RunLimits limits, GuestLog log, int instances) {
        if (module.kind() != GuestModule.Kind.HANDLER || !request.reuse()) {
            return true;
        }
        var owner = HandlerInstance.Owner.of(request, limits);
        idle.keepAtLeast(owner, instances);
        for (int missing = instances - idle.count(owner); missing > 0 && hasRoom(); missing--) {
            var ways = new Run.Ways(OutboundCalls.NONE, LargeAnswer.NONE, EventSink.NONE, true);
            if (!warmUp(owner, new Run(module.kind(), request, limits, log, ways, memories))) {
                return false;
            }
        }
        return true;
    }

    private boolean warmUp(HandlerInstance.Owner owner, Run run) {
        var watch = watches.start(run.request().invocationId(), run.limits().runMillis());
        return WarmUp.succeeds(
                () -> {
                    var instance = handler(owner, run);
                    instancePages = instance.pages();
                    idle.give(instance);
                },
                run,
                watch);
    }

    private boolean hasRoom() {
        return idle.hasRoom()
                && memories.hasRoom(Math.max(instancePages, module.memory().initialPages()));
    }

    @Override
    public void rest() {
        idle.dropAll();
    }

    @Override
    public Reply.Outcome run(
            GuestRequest request,
            RunLimits limits,
            GuestLog log,
            OutboundCalls calls,
            LargeAnswer large,
            EventSink events) {
        var memory = module.memory();
        if (memory.initialPages() > limits.memoryPages()) {
            return failed("the function starts with %d pages of memory and its limit is %d"
                    .formatted(memory.initialPages(), limits.memoryPages()));
        }
        var ways = new Run.Ways(calls, large, events, true);
        try (var run = new Run(module.kind(), request, limits, log, ways, memories)) {
            var watch = watches.start(request.invocationId(), limits.runMillis());
            Ending ending;
            try {
                ending = Ending.completed(run(run), run);
            } finally {
                watch.end();
            }
            run.ended();
            return outcome(ending, run, watch);
        }
    }

    private Ending run(Run run) {
        try {
            return switch (module.kind()) {
                case COMMAND -> command(run);
                case HANDLER -> handle(run);
            };
        } catch (RuntimeException | Error e) {
            return Ending.of(e);
        }
    }

    private Ending command(Run run) {
        try (var memory = memory(run.limits())) {
            var instance = instantiate(new Guest(run), memory);
            module.initializer()
                    .ifPresent(initializer -> instance.export(initializer).apply());
            instance.export(GuestModule.START).apply();
            return new Ending.Returned();
        }
    }

    private Ending handle(Run run) {
        var owner = HandlerInstance.Owner.of(run);
        var reuse = run.request().reuse();
        var instance =
                (reuse ? idle.take(owner) : Optional.<HandlerInstance>empty()).orElseGet(() -> handler(owner, run));
        try {
            var answer = instance.handle(run);
            if (reuse) {
                idle.give(instance);
            } else {
                instance.close();
            }
            return new Ending.Answered(answer);
        } catch (GuestExit exit) {
            instance.close();
            return new Ending.Exited(exit.code());
        } catch (RuntimeException | Error e) {
            instance.close();
            throw e;
        }
    }

    private HandlerInstance handler(HandlerInstance.Owner owner, Run run) {
        var memory = memory(run.limits());
        try {
            var guest = new Guest(run);
            var instance = instantiate(guest, memory);
            initialize(instance);
            guest.rest();
            return new HandlerInstance(
                    owner,
                    guest,
                    memory,
                    instance.export(GuestModule.HANDLE_REQUEST),
                    instance.export(GuestModule.HANDLE_RESPONSE));
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    /** {@code _start} may end with an exit: that is how a command that is a handler, too, says that it is initialised. */
    private void initialize(Instance instance) {
        try {
            module.initializer()
                    .ifPresent(initializer -> instance.export(initializer).apply());
        } catch (GuestExit exit) {
            if (exit.code() != 0) {
                throw exit;
            }
        }
    }

    private LinearMemory memory(RunLimits limits) {
        var declared = module.memory();
        var most = Math.min(declared.maximumPages(), limits.memoryPages());
        var memory = memories.memory(new MemoryLimits(declared.initialPages(), most), memoryWaitMillis(limits));
        if (besideBytes > 0 && !memory.beside().take(besideBytes)) {
            memory.close();
            throw new MemoryFull();
        }
        return memory;
    }

    static long memoryWaitMillis(RunLimits limits) {
        return Math.min(limits.runMillis(), MEMORY_WAIT_MILLIS);
    }

    /** The start section, if there is one, runs in here. */
    private Instance instantiate(Guest guest, LinearMemory memory) {
        var linked = new ArrayList<ImportFunction>(imports.size());
        imports.forEach(function -> linked.add(function.linkTo(guest)));
        return Instance.builder(module.parsed())
                .withMachineFactory(machines)
                .withImportValues(ImportValues.builder().withFunctions(linked).build())
                .withMemoryFactory(declared -> memory)
                .withTableFactory(new Tables(bytes -> memory.beside().take(bytes))::make)
                // Only the interpreter asks it; by itself that looks at calls, but not at branches on a condition.
                .withUnsafeExecutionListener((instruction, stack) -> Interruption.check())
                .withStart(false)
                .build();
    }

    static Reply.Outcome outcome(Ending ending, Run run, Watchdog.Watch watch) {
        var limits = run.limits();
        return switch (ending) {
            case Ending.Returned returned -> run.answer().outcome(run.emissions()::end);
            case Ending.Answered answered -> answered.outcome();
            case Ending.Exited exited -> failed("the function exited with code " + exited.code());
            case Ending.AnsweredTooMuch tooMuch ->
                new Reply.Failure(
                        ErrorKind.ANSWER_TOO_LARGE,
                        "the function's answer is larger than its limit of " + limits.answerBytes() + " bytes");
            case Ending.NotHeard lost -> new Reply.Failure(ErrorKind.UNAVAILABLE, lost.reason());
            case Ending.NotPublished unpublished -> new Reply.Failure(unpublished.kind(), unpublished.reason());
            case Ending.Interrupted interrupted -> interrupted(watch, limits);
            case Ending.NoRoom noRoom ->
                new Reply.Failure(
                        ErrorKind.UNAVAILABLE, "the function's memory does not fit beside those that are in use");
            case Ending.Trapped trapped -> failed("the function trapped: " + trapped.reason());
            case Ending.Failed failure -> failed(failure.message());
            case Ending.Unloadable unloadable -> failed("the function cannot be loaded: " + unloadable.reason());
        };
    }

    private static Reply.Failure interrupted(Watchdog.Watch watch, RunLimits limits) {
        if (watch.expired()) {
            return new Reply.Failure(
                    ErrorKind.TIMEOUT, "the function ran longer than its limit of " + limits.runMillis() + " ms");
        }
        return new Reply.Failure(
                ErrorKind.UNAVAILABLE,
                watch.cancelled()
                        ? "the function was stopped because nobody waits for its answer any more"
                        : "the function was stopped because its executor is stopping");
    }

    private static Reply.Failure failed(String message) {
        return new Reply.Failure(ErrorKind.FUNCTION_FAILED, message);
    }
}
