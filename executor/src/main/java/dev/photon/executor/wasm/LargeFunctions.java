package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.MStack;
import com.dylibso.chicory.runtime.StackFrame;
import com.dylibso.chicory.runtime.internal.CompilerInterpreterMachine;
import com.dylibso.chicory.wasm.types.FunctionType;
import java.util.Deque;

/**
 * Interprets those functions of a compiled instance that no method of the JVM can hold, with bounds for what their calls
 * take. Public because the compiled code of guests, which has a class loader and a package of its own, makes it. Confined
 * to the guest's thread.
 */
public final class LargeFunctions extends CompilerInterpreterMachine {
    private final InterpretedFrames frames;

    /**
     * @param functions those that are interpreted
     */
    public LargeFunctions(Instance instance, int[] functions) {
        super(instance, functions);
        frames = new InterpretedFrames(instance);
    }

    @Override
    protected long[] call(
            MStack stack,
            Instance instance,
            Deque<StackFrame> callStack,
            int function,
            long[] arguments,
            FunctionType type,
            boolean popResults) {
        var before = frames.bytes();
        try {
            frames.enter(function, stack.size());
            return super.call(stack, instance, callStack, function, arguments, type, popResults);
        } finally {
            frames.leave(before);
        }
    }
}
