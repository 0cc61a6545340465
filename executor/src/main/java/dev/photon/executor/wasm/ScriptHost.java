package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import dev.photon.registry.HostInterface;
import java.util.Locale;

/**
 * What the functions that the JavaScript engine imports act on. There are two sorts: those of WASI that a Rust program
 * calls, and one by which our scripts call {@link ScriptCalls}. Confined to the run's thread.
 */
final class ScriptHost {
    private static final int PANIC_BYTES = 16 << 10;
    private static final int STDERR = 2;
    private static final int MAX_TEXT = 1 << 20;

    /** For which no room is asked. */
    private static final int UNASKED_TEXT = 64 << 10;

    /** Its bytes, its characters, and those of its parts. */
    private static final long TEXT_COPIES = 5;

    private final Guest guest;
    private final ScriptCalls calls;
    /** Where the pair lies that a call answers with. */
    private int answer;

    private final BoundedOutput panic = new BoundedOutput(PANIC_BYTES, bytes -> true);

    ScriptHost(ScriptCalls calls) {
        this.calls = calls;
        this.guest = new Guest(calls.run());
    }

    ImportFunction link(FunctionImport wanted, FunctionType type) {
        if (!wanted.module().equals(HostInterface.WASI.module())) {
            return new HostFunction(wanted.module(), wanted.name(), type, (instance, arguments) ->
                    new long[] {call(instance, arguments)});
        }
        var function = WasiFunction.valueOf(wanted.name().toUpperCase(Locale.ROOT));
        return switch (function) {
            case CLOCK_TIME_GET ->
                wasi(wanted, type, (memory, arguments) -> {
                    calls.mustRun();
                    return function.call(guest, memory, arguments);
                });
            case FD_READ -> wasi(wanted, type, calls::read);
            case FD_WRITE ->
                wasi(
                        wanted,
                        type,
                        (memory, a) -> (int) a[0] == STDERR
                                ? panicked(memory, (int) a[1], (int) a[2], (int) a[3])
                                : function.call(guest, memory, a));
            // A panic asks whether to show a backtrace, and shall not see the secrets.
            case ENVIRON_GET -> wasi(wanted, type, (memory, arguments) -> Errno.SUCCESS);
            case ENVIRON_SIZES_GET ->
                wasi(wanted, type, (memory, a) -> {
                    memory.writeI32((int) a[0], 0);
                    memory.writeI32((int) a[1], 0);
                    return Errno.SUCCESS;
                });
            default -> function.linkTo(guest);
        };
    }

    private interface Body {
        long call(LinearMemory memory, long[] arguments);
    }

    private static ImportFunction wasi(FunctionImport wanted, FunctionType type, Body body) {
        return new HostFunction(wanted.module(), wanted.name(), type, (instance, arguments) ->
                new long[] {body.call((LinearMemory) instance.memory(), arguments)});
    }

    /** What the engine's plugin says when it gives up: the message of an error that nothing in JavaScript caught. */
    String panic() {
        return new String(panic.toArray(), UTF_8);
    }

    private int panicked(LinearMemory memory, int vectors, int count, int result) {
        var written = 0;
        for (int i = 0; i < count; i++) {
            var length = memory.readInt(vectors + 8 * i + 4);
            panic.append(memory, memory.readInt(vectors + 8 * i), length);
            written += length;
        }
        memory.writeI32(result, written);
        return Errno.SUCCESS;
    }

    /**
     * Three texts come in as addresses and lengths: a module, a function and its arguments. The plugin takes a text
     * back, as a pair of address and length, and frees it twice unless it is empty. So it always is, and what we have to
     * say goes the way of {@link ScriptCalls#read}.
     */
    private long call(Instance instance, long[] a) {
        var memory = (LinearMemory) instance.memory();
        try (var text = calls.run().share()) {
            if (a[5] > UNASKED_TEXT && !text.take(TEXT_COPIES * a[5])) {
                throw new MemoryFull();
            }
            calls.call(text(memory, a[2], a[3]), text(memory, a[4], a[5]));
        }
        if (answer == 0) {
            answer = QuickJs.allocate(instance, 2 * Integer.BYTES);
        }
        memory.writeI32(answer, QuickJs.allocate(instance, Integer.BYTES));
        memory.writeI32(answer + Integer.BYTES, 0);
        return answer;
    }

    /** The host's heap is not bound by the script's limit, so what a script says is. */
    private static String text(LinearMemory memory, long address, long length) {
        if (length > MAX_TEXT) {
            throw new ScriptFailed("the script hands its host a text of more than 1 MiB, to log or as headers");
        }
        return new String(memory.readBytes((int) address, (int) length), UTF_8);
    }
}
