package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionImport;
import dev.photon.executor.outbound.Room;
import io.roastedroot.quickjs4j.core.JavyPluginModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * One instance of the JavaScript engine: QuickJS inside of a plugin of Javy, compiled to WebAssembly and from there to
 * the JVM's code when quickjs4j was built. Confined to one thread, and of no further use once a call has thrown.
 */
final class QuickJs {
    private static final WasmModule MODULE = JavyPluginModule.load();

    /** What the names of the classes that make up the machine end in. */
    private static final List<String> PARTS = List.of("", "Dispatch_0", "FuncGroup_0", "MachineCall", "Shaded");

    private static final Function<Instance, Machine> MACHINES = machines();
    /** As it is read, and twice while it is renamed. */
    private static final long BYTECODE_COPIES = 3;

    /** What the engine calls every module that it compiles. */
    static final String ANY_NAME = "function.mjs";

    private final Instance instance;
    private final LinearMemory memory;

    private QuickJs(ScriptHost host, LinearMemory memory) {
        this.memory = memory;
        instance = Instance.builder(MODULE)
                .withMachineFactory(MACHINES)
                .withMemoryFactory(declared -> memory)
                .withImportValues(
                        ImportValues.builder().withFunctions(imports(host)).build())
                .build();
    }

    /** The classes of quickjs4j, rewritten for our memory. */
    private static Function<Instance, Machine> machines() {
        var machine = JavyPluginModule.class.getName() + "Machine";
        var classes = new HashMap<String, byte[]>();
        for (var part : PARTS) {
            var file = (machine + part).replace('.', '/') + ".class";
            try (var in = JavyPluginModule.class.getClassLoader().getResourceAsStream(file)) {
                classes.put(machine + part, GuestCode.rewrite(in.readAllBytes()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        var loaded = GuestClasses.define(new CompiledCode(machine, classes, Set.of()));
        // All scripts share these classes: one that must be stopped shall not have them compiled anew for the others.
        loaded.interruption().heed();
        return loaded.machines();
    }

    /** An engine that knows the language and nothing else. */
    static QuickJs start(ScriptHost host) {
        var declared = MODULE.memorySection().orElseThrow().getMemory(0).limits();
        var engine = new QuickJs(host, new LinearMemory(declared));
        engine.call("initialize_runtime");
        return engine;
    }

    /**
     * An engine in the state in which another one was when its image was taken.
     *
     * @param memory which starts from that image, and which the caller closes
     */
    static QuickJs resume(LinearMemory memory, ScriptHost host) {
        return new QuickJs(host, memory);
    }

    private static List<ImportFunction> imports(ScriptHost host) {
        var section = MODULE.importSection();
        return IntStream.range(0, section.importCount())
                .mapToObj(i -> (FunctionImport) section.getImport(i))
                .map(wanted -> host.link(wanted, MODULE.typeSection().getType(wanted.typeIndex())))
                .toList();
    }

    /** Everything an engine knows is in its memory, as long as it is not in the middle of a call. */
    MemoryImage image() {
        return memory.image();
    }

    /** Where something lies in the engine's memory. */
    record Place(int address, int length) {}

    /**
     * Compiles a module of JavaScript, without running it.
     *
     * @param name what it is called in stack traces and imports
     * @param room for the result
     * @throws MemoryFull when there is none
     */
    byte[] compile(String name, byte[] source, Room room) {
        var place = store(source);
        var result = (int) call("compileSrc", place.address(), place.length())[0];
        var length = memory.readInt(result + 4);
        if (!room.take(BYTECODE_COPIES * Math.max(0, length))) {
            throw new MemoryFull();
        }
        var bytecode = memory.readBytes(memory.readInt(result), length);
        return Bytecode.rename(bytecode, name.getBytes(StandardCharsets.UTF_8));
    }

    /** Copies bytes to where the engine can find them. They stay there. */
    Place store(byte[] bytes) {
        var address = allocate(instance, bytes.length);
        memory.write(address, bytes);
        return new Place(address, bytes.length);
    }

    /** Runs a module's top level, and then whatever has become due. */
    void run(Place bytecode) {
        call("invoke", bytecode.address(), bytecode.length(), 0, 0);
    }

    private long[] call(String export, long... arguments) {
        return instance.export(export).apply(arguments);
    }

    static int allocate(Instance instance, int length) {
        return (int) instance.export("canonical_abi_realloc").apply(0, 0, 1, length)[0];
    }
}
