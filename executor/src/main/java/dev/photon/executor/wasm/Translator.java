package dev.photon.executor.wasm;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.internal.ByteClassCollector;
import com.dylibso.chicory.compiler.internal.Compiler;
import com.dylibso.chicory.compiler.internal.CompilerResult;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.ExternalType;
import dev.photon.registry.GuestModule;
import dev.photon.registry.InvalidModule;
import dev.photon.registry.TailCalls;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.objectweb.asm.MethodTooLargeException;

/**
 * WebAssembly to JVM classes, by Chicory's compiler. A method of the JVM holds 65,535 bytes; what does not fit is left
 * to the interpreter. The compiler says so of one function at a time, and then has to begin again, so what surely will
 * not fit is left out from the start, and a module that finds others too often loses all that may not fit.
 *
 * <p>Chicory's public builder would also define the classes, which costs metaspace when nobody calls the function yet,
 * and would not say which functions are interpreted.
 */
final class Translator {
    private static final int POSSIBLY_TOO_LARGE = 16 << 10;
    private static final int ATTEMPTS = 8;
    private static final String METHOD = "func_";

    private final WasmModule module;
    private final int[] codeBytes;
    private final int imports;
    private final Set<Integer> interpreted;

    /**
     * @param codeBytes the size of each function's code
     */
    Translator(WasmModule module, int[] codeBytes) {
        this.module = module;
        this.codeBytes = codeBytes;
        this.imports = module.importSection().count(ExternalType.FUNCTION);
        this.interpreted = new HashSet<>(largerThan(GuestModule.MAX_COMPILED_BYTES));
    }

    private Set<Integer> largerThan(int bytes) {
        return IntStream.range(0, codeBytes.length)
                .filter(function -> codeBytes[function] > bytes)
                .boxed()
                .collect(Collectors.toSet());
    }

    /**
     * @throws InvalidModule when the compiler cannot, and when what is left to the interpreter makes tail calls
     */
    CompiledCode translate() throws InvalidModule {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            TailCalls.requireNone(module, interpreted::contains);
            try {
                return code(compile());
            } catch (ChicoryException e) {
                if (!(e.getCause() instanceof MethodTooLargeException tooLarge)
                        || !tooLarge.getMethodName().startsWith(METHOD)) {
                    throw new InvalidModule("the module cannot be compiled", e);
                }
                interpreted.add(Integer.parseInt(tooLarge.getMethodName().substring(METHOD.length())) - imports);
                if (attempt == ATTEMPTS - 1) {
                    interpreted.addAll(largerThan(POSSIBLY_TOO_LARGE));
                }
            } catch (RuntimeException | AssertionError | StackOverflowError | LinkageError e) {
                throw new InvalidModule("the module cannot be compiled", e);
            }
        }
        throw new InvalidModule("the module cannot be compiled: too many of its functions are too large for a JVM");
    }

    private CompilerResult compile() {
        return Compiler.builder(module)
                .withClassCollectorFactory(ByteClassCollector::new)
                .withInterpreterFallback(InterpreterFallback.FAIL)
                .withInterpretedFunctions(
                        interpreted.stream().map(function -> function + imports).collect(Collectors.toSet()))
                .build()
                .compile();
    }

    private CompiledCode code(CompilerResult result) {
        var classes = result.classBytes().entrySet().stream()
                .collect(Collectors.toMap(
                        file -> binaryName(file.getKey()), file -> GuestCode.rewrite(file.getValue())));
        return new CompiledCode(binaryName(result.collector().mainClassName()), classes, interpreted);
    }

    private static String binaryName(String name) {
        return name.replace('/', '.');
    }
}
