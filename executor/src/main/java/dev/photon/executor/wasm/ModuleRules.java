package dev.photon.executor.wasm;

import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.Import;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** What a module must be to run here, beyond being valid. */
final class ModuleRules {
    /** Elements, so that tables cost at most 1 MiB a run; compilers emit thousands. */
    static final int MAX_TABLE_ELEMENTS = 1 << 17;

    static final String ENTRY = "_start";

    private ModuleRules() {}

    /**
     * @return the functions it imports, each once
     * @throws InvalidModule when it imports what we do not offer, lacks what we call, or could pass its limits
     */
    static List<WasiFunction> check(WasmModule module) throws InvalidModule {
        memory(module);
        tables(module);
        heap(module);
        entry(module);
        return imports(module);
    }

    /** The one memory's declared limits. */
    static MemoryLimits memory(WasmModule module) throws InvalidModule {
        var section = module.memorySection();
        if (section.isEmpty() || section.get().memoryCount() != 1) {
            throw new InvalidModule("the module must have exactly one memory of its own");
        }
        var limits = section.get().getMemory(0).limits();
        if (limits.shared()) {
            throw new InvalidModule("the module has a shared memory: there are no threads here");
        }
        return limits;
    }

    private static void tables(WasmModule module) throws InvalidModule {
        var elements = 0L;
        for (int i = 0; i < module.tableSection().tableCount(); i++) {
            elements += module.tableSection().getTable(i).limits().min();
        }
        if (elements > MAX_TABLE_ELEMENTS) {
            throw new InvalidModule(
                    "the module's tables have %d elements of at most %d".formatted(elements, MAX_TABLE_ELEMENTS));
        }
    }

    /** Objects of the garbage collection proposal would live on the host's heap, outside of the memory's limit. */
    private static void heap(WasmModule module) throws InvalidModule {
        for (int i = 0; i < module.typeSection().subTypeCount(); i++) {
            if (module.typeSection().getSubType(i).compType().funcType() == null) {
                throw new InvalidModule("the module uses garbage-collected types: only linear memory is offered");
            }
        }
    }

    private static void entry(WasmModule module) throws InvalidModule {
        var exports = module.exportSection();
        for (int i = 0; i < exports.exportCount(); i++) {
            if (exports.getExport(i).name().equals(ENTRY)
                    && exports.getExport(i).exportType() == ExternalType.FUNCTION) {
                return;
            }
        }
        throw new InvalidModule("the module exports no function _start: build it as a WASI command");
    }

    private static List<WasiFunction> imports(WasmModule module) throws InvalidModule {
        var found = new LinkedHashSet<WasiFunction>();
        for (int i = 0; i < module.importSection().importCount(); i++) {
            found.add(offered(module, module.importSection().getImport(i)));
        }
        return new ArrayList<>(found);
    }

    private static WasiFunction offered(WasmModule module, Import wanted) throws InvalidModule {
        var name = wanted.module() + "." + wanted.name();
        var offered = WasiFunction.byName().get(wanted.name());
        if (offered == null
                || !wanted.module().equals(WasiFunction.MODULE)
                || !(wanted instanceof FunctionImport function)) {
            throw new InvalidModule("the module imports " + name + ", which is not offered");
        }
        FunctionType type = module.typeSection().getType(function.typeIndex());
        if (!offered.type().equals(type)) {
            throw new InvalidModule("the module imports " + name + " with other parameters than it has");
        }
        return offered;
    }
}
