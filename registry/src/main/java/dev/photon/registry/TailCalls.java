package dev.photon.registry;

import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.OpCode;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Tail calls of a module's functions. Only compiled functions can make them: Chicory's interpreter loses count of its
 * frames, and follows a call itself into functions whose code it may not have.
 */
public final class TailCalls {
    private static final Set<OpCode> ALL =
            Set.of(OpCode.RETURN_CALL, OpCode.RETURN_CALL_INDIRECT, OpCode.RETURN_CALL_REF);

    private TailCalls() {}

    /** Whether any function of the module makes one. */
    public static boolean areIn(WasmModule module) {
        return first(module, function -> true).isPresent();
    }

    /**
     * @param interpreted those that will not be compiled, by their place in the code section
     * @throws InvalidModule when one of them makes a tail call
     */
    public static void requireNone(WasmModule module, IntPredicate interpreted) throws InvalidModule {
        var found = first(module, interpreted);
        if (found.isPresent()) {
            var index = found.getAsInt() + module.importSection().count(ExternalType.FUNCTION);
            throw new InvalidModule(
                    ("function %d of the module is too large to compile and makes a tail call, which only compiled"
                                    + " functions can: make it smaller, or build the module without tail calls")
                            .formatted(index));
        }
    }

    private static OptionalInt first(WasmModule module, IntPredicate functions) {
        return IntStream.range(0, module.codeSection().functionBodyCount())
                .filter(functions)
                .filter(function -> module.codeSection().getFunctionBody(function).instructions().stream()
                        .anyMatch(instruction -> ALL.contains(instruction.opcode())))
                .findFirst();
    }
}
