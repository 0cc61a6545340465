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
    private static final int MAX_SHOWN_LENGTH = 200;

    private ModuleCheck() {}

    /**
     * @throws Refused when the bytes are not a valid module, need what we do not offer, or lack what we call
     */
    static void check(byte[] module, Manifest.Limits limits) throws Refused {
        var parsed = parse(module);
        imports(parsed);
        if (!exportsStart(parsed)) {
            throw new Refused(
                    "the module exports no function _start without parameters and results: build it as a WASI command");
        }
        memory(parsed, limits);
    }

    /** The parser meets bytes of strangers, so whatever it throws says that the module is not one. */
    private static WasmModule parse(byte[] module) throws Refused {
        try {
            return Parser.parse(module);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw new Refused(
                    "the file is not a valid WebAssembly module: " + shortened(String.valueOf(e.getMessage())));
        }
    }

    private static void imports(WasmModule module) throws Refused {
        var unknown = new ArrayList<String>();
        var section = module.importSection();
        for (int i = 0; i < section.importCount(); i++) {
            var wanted = section.getImport(i);
            if (!offered(wanted)) {
                unknown.add(shortened(wanted.module()) + "." + shortened(wanted.name()));
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

    private static boolean exportsStart(WasmModule module) {
        var section = module.exportSection();
        return IntStream.range(0, section.exportCount())
                .mapToObj(section::getExport)
                .anyMatch(export -> export.name().equals("_start")
                        && export.exportType() == ExternalType.FUNCTION
                        && takesAndGivesNothing(module, export.index()));
    }

    private static boolean takesAndGivesNothing(WasmModule module, int function) {
        var own = function - module.importSection().count(ExternalType.FUNCTION);
        if (own < 0 || own >= module.functionSection().functionCount()) {
            return false;
        }
        var type = module.typeSection().getType(module.functionSection().getFunctionType(own));
        return type.params().isEmpty() && type.returns().isEmpty();
    }

    private static String shortened(String text) {
        return text.length() <= MAX_SHOWN_LENGTH ? text : text.substring(0, MAX_SHOWN_LENGTH) + "…";
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
