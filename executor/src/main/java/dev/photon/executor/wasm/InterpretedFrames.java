package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.types.AnnotatedInstruction;
import com.dylibso.chicory.wasm.types.FunctionBody;
import java.util.Optional;

/**
 * What the nested calls of interpreted functions take: their variables, blocks and operands lie on the heap and not on
 * the thread's stack, whose end is no bound for them. They are bounded as a stack is, and counted with what the instance
 * takes beside its memory. Confined to the guest's thread.
 */
final class InterpretedFrames {
    /** 2,000 calls with 280 variables each, or with less as many as the thread's stack takes. */
    private static final long MOST = 16 << 20;

    // In Chicory's objects, with references of eight bytes.
    private static final int FRAME_BYTES = 320;
    private static final long VARIABLE_BYTES = 28;
    private static final long BLOCK_BYTES = 56;
    /** They lie in one array, which is copied when it grows. */
    private static final long OPERAND_BYTES = 24;

    private final Instance instance;
    /** By function; 0 for those that were not called yet. */
    private int[] sizes = {};

    private long nested;
    private long counted = HostShare.UNCOUNTED;

    InterpretedFrames(Instance instance) {
        this.instance = instance;
    }

    /** Of the calls that go on, without their operands. */
    long bytes() {
        return nested;
    }

    /**
     * A call begins.
     *
     * @param operands of those that go on
     * @throws StackOverflowError when they take too much
     * @throws MemoryFull when the process has no room for that
     */
    void enter(int function, int operands) {
        nested += size(function);
        var all = nested + OPERAND_BYTES * operands;
        if (all > MOST) {
            throw new StackOverflowError();
        }
        if (all > counted) {
            if (!beside().take(all + Memory.PAGE_SIZE - counted)) {
                throw new MemoryFull();
            }
            counted = all + Memory.PAGE_SIZE;
        }
    }

    /**
     * A call has ended, or did not begin. What nested calls took is given back after the outermost: a handler's instance
     * lives on.
     *
     * @param before what {@link #bytes} were before it began
     */
    void leave(long before) {
        nested = before;
        if (before == 0 && counted > HostShare.UNCOUNTED) {
            StackRoom.require();
            beside().give(counted - HostShare.UNCOUNTED);
            counted = HostShare.UNCOUNTED;
        }
    }

    private HostShare beside() {
        return ((LinearMemory) instance.memory()).beside();
    }

    private int size(int function) {
        if (sizes.length == 0) {
            sizes = new int[instance.functionCount()];
        }
        if (sizes[function] == 0) {
            // Where the stack ends in the first use of a class of the JDK, nobody can use that any more.
            StackRoom.require();
            sizes[function] = measured(function);
        }
        return sizes[function];
    }

    private int measured(int function) {
        var parameters = instance.type(instance.functionType(function)).params().size();
        var variables = body(function).map(body -> body.localTypes().size()).orElse(0);
        var blocks = body(function).stream()
                .flatMap(body -> body.instructions().stream())
                .mapToInt(AnnotatedInstruction::depth)
                .max()
                .orElse(0);
        return (int) Math.min(MOST, FRAME_BYTES + VARIABLE_BYTES * (parameters + variables) + BLOCK_BYTES * blocks);
    }

    /** Of a function that is the module's own. */
    private Optional<FunctionBody> body(int function) {
        return Optional.ofNullable(instance.function(function));
    }
}
