package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.InterpreterMachine;
import com.dylibso.chicory.runtime.MStack;
import com.dylibso.chicory.runtime.StackFrame;
import com.dylibso.chicory.wasm.types.FunctionType;
import java.util.Deque;

/** Interprets all functions of an instance, with bounds for what their calls take. Confined to the guest's thread. */
final class Interpreter extends InterpreterMachine {
    private final InterpretedFrames frames;

    Interpreter(Instance instance) {
        super(instance);
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
