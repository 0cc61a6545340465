package dev.photon.registry;

import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.Import;
import java.util.ArrayList;
import java.util.stream.IntStream;

/** Whether a module can run here, found out before it is accepted. */
final class ModuleCheck {
    private static final String WASI = "wasi_snapshot_preview1";
    private static final int SHOWN = 5;

    private ModuleCheck() {}

    /**
     * @throws Refused when the bytes are not a valid module, need what we do not offer, or lack what we call
     */
    static void check(byte[] module, Manifest.Limits limits) throws Refused {
        var parsed = parse(module);
        imports(parsed);
        if (!exportsFunction(parsed, "_start")) {
            throw new Refused("the module exports no function _start: build it as a WASI command");
        }
        memory(parsed, limits);
    }

    /** The parser meets bytes of strangers, so whatever it throws says that the module is not one. */
    private static WasmModule parse(byte[] module) throws Refused {
        try {
            return Parser.parse(module);
        } catch (RuntimeException | StackOverflowError e) {
            throw new Refused("the file is not a valid WebAssembly module: " + e.getMessage());
        }
    }

    private static void imports(WasmModule module) throws Refused {
        var unknown = new ArrayList<String>();
        var section = module.importSection();
        for (int i = 0; i < section.importCount(); i++) {
            var wanted = section.getImport(i);
            if (!offered(wanted)) {
                unknown.add(wanted.module() + "." + wanted.name());
            }
        }
        if (!unknown.isEmpty()) {
            var more = unknown.size() > SHOWN ? " and " + (unknown.size() - SHOWN) + " more" : "";
            throw new Refused("the module imports %s%s; functions of %s are offered"
                    .formatted(String.join(", ", unknown.stream().limit(SHOWN).toList()), more, WASI));
        }
    }

    private static boolean offered(Import wanted) {
        return wanted.importType() == ExternalType.FUNCTION
                && wanted.module().equals(WASI)
                && WasiFunctions.NAMES.contains(wanted.name());
    }

    private static boolean exportsFunction(WasmModule module, String name) {
        var section = module.exportSection();
        return IntStream.range(0, section.exportCount())
                .mapToObj(section::getExport)
                .anyMatch(export -> export.name().equals(name) && export.exportType() == ExternalType.FUNCTION);
    }

    private static void memory(WasmModule module, Manifest.Limits limits) throws Refused {
        var section = module.memorySection();
        if (section.isEmpty() || section.get().memoryCount() != 1) {
            throw new Refused("the module must have exactly one memory of its own");
        }
        var initial = section.get().getMemory(0).limits().initialPages();
        if (initial > limits.memoryPages()) {
            throw new Refused(
                    "the module starts with %d pages of memory and its limit is %d: raise resource_settings.mem"
                            .formatted(initial, limits.memoryPages()));
        }
    }
}
