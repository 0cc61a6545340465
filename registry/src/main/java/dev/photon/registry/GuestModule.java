package dev.photon.registry;

import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.Import;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A module that can run here: a valid one (WebAssembly Core Specification 2.0) that is a command of WASI preview 1,
 * with one memory of its own. The registry accepts what this reads, and the executor compiles what this reads.
 *
 * @param parsed the module
 * @param memory the declared limits of its memory
 * @param imports the functions it imports from {@link WasiPreview1}, each once
 */
public record GuestModule(WasmModule parsed, MemoryLimits memory, List<String> imports) {
    /** The function that is called. */
    public static final String ENTRY = "_start";

    /** Elements of all tables, so that they cost at most 1 MiB a run; compilers emit thousands. */
    public static final int MAX_TABLE_ELEMENTS = 1 << 17;

    private static final int MAX_VALUES = 255;
    /** Less than a registry may be busy with one decision. */
    private static final Duration MAX_CHECK = Duration.ofMinutes(2);

    private static final int SHOWN_IMPORTS = 5;
    private static final int SHOWN_NAME_LENGTH = 80;

    /**
     * Parses, validates and checks a module. The result takes some 24 to 54 bytes for each of the module's code.
     *
     * @param wasm the binary module, between the buffer's position and limit; not kept
     * @throws InvalidModule when the bytes are not a valid module, need what we do not offer, lack what we call, or
     *     could pass the limits of a run
     */
    public static GuestModule read(ByteBuffer wasm) throws InvalidModule {
        return of(parse(ModuleSections.of(wasm).toRun()));
    }

    /**
     * Says what {@link #read} would, about a large module in little memory.
     *
     * @return the declared limits of its memory
     */
    static MemoryLimits check(ByteBuffer wasm) throws InvalidModule {
        var began = System.nanoTime();
        var sections = ModuleSections.of(wasm);
        var memory = of(parse(sections.definitions())).memory();
        for (int i = 0; i < sections.slices(); i++) {
            parse(sections.slice(i));
            if (System.nanoTime() - began > MAX_CHECK.toNanos()) {
                throw new InvalidModule(
                        "the module takes longer than " + MAX_CHECK.toSeconds() + " s to check: make it smaller");
            }
        }
        return memory;
    }

    private static GuestModule of(WasmModule module) throws InvalidModule {
        var imports = imports(module);
        var memory = memory(module);
        tables(module);
        types(module);
        entry(module);
        return new GuestModule(module, memory, imports);
    }

    /** The parser meets bytes of strangers, so whatever it throws says that they are not a module. */
    private static WasmModule parse(InputStream wasm) throws InvalidModule {
        try {
            return Parser.parse(wasm);
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            throw new InvalidModule("the file is not a valid WebAssembly module", e);
        } catch (OutOfMemoryError e) {
            throw new InvalidModule("the file is not a valid WebAssembly module, or larger than can be read here", e);
        }
    }

    private static MemoryLimits memory(WasmModule module) throws InvalidModule {
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
                    "the module's tables have " + elements + " elements of at most " + MAX_TABLE_ELEMENTS);
        }
    }

    /**
     * Objects of the garbage collection proposal would live on the host's heap, outside of the memory's limit. And each
     * of a branch's targets is checked for each of its values.
     */
    private static void types(WasmModule module) throws InvalidModule {
        for (int i = 0; i < module.typeSection().subTypeCount(); i++) {
            var type = module.typeSection().getSubType(i).compType().funcType();
            if (type == null) {
                throw new InvalidModule("the module uses garbage-collected types: only linear memory is offered");
            }
            if (type.params().size() > MAX_VALUES || type.returns().size() > MAX_VALUES) {
                throw new InvalidModule(
                        "the module has a type with more than " + MAX_VALUES + " parameters or results");
            }
        }
    }

    private static void entry(WasmModule module) throws InvalidModule {
        var exports = module.exportSection();
        var there = IntStream.range(0, exports.exportCount())
                .mapToObj(exports::getExport)
                .anyMatch(export -> export.name().equals(ENTRY)
                        && export.exportType() == ExternalType.FUNCTION
                        && takesAndGivesNothing(module, export.index()));
        if (!there) {
            throw new InvalidModule(
                    "the module exports no function _start without parameters and results: build it as a WASI command");
        }
    }

    private static boolean takesAndGivesNothing(WasmModule module, int function) {
        var own = function - module.importSection().count(ExternalType.FUNCTION);
        if (own < 0 || own >= module.functionSection().functionCount()) {
            return false;
        }
        var type = module.typeSection().getType(module.functionSection().getFunctionType(own));
        return type.params().isEmpty() && type.returns().isEmpty();
    }

    private static List<String> imports(WasmModule module) throws InvalidModule {
        var found = new LinkedHashSet<String>();
        var unknown = new ArrayList<String>();
        var mistyped = new ArrayList<String>();
        for (int i = 0; i < module.importSection().importCount(); i++) {
            var wanted = module.importSection().getImport(i);
            var offered = offered(wanted);
            if (offered.isEmpty()) {
                unknown.add(shortened(wanted.module()) + "." + shortened(wanted.name()));
            } else if (!offered.get().equals(type(module, wanted))) {
                mistyped.add(wanted.name());
            } else {
                found.add(wanted.name());
            }
        }
        if (!unknown.isEmpty()) {
            throw new InvalidModule("the module imports %s; functions of %s are offered"
                    .formatted(someOf(unknown), WasiPreview1.MODULE));
        }
        if (!mistyped.isEmpty()) {
            throw new InvalidModule("the module imports %s of %s with other types than they have"
                    .formatted(someOf(mistyped), WasiPreview1.MODULE));
        }
        return List.copyOf(found);
    }

    private static Optional<FunctionType> offered(Import wanted) {
        return wanted.importType() == ExternalType.FUNCTION && wanted.module().equals(WasiPreview1.MODULE)
                ? WasiPreview1.type(wanted.name())
                : Optional.empty();
    }

    private static FunctionType type(WasmModule module, Import function) {
        return module.typeSection().getType(((FunctionImport) function).typeIndex());
    }

    private static String someOf(List<String> names) {
        var shown = String.join(", ", names.stream().limit(SHOWN_IMPORTS).toList());
        return names.size() > SHOWN_IMPORTS ? shown + " and " + (names.size() - SHOWN_IMPORTS) + " more" : shown;
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN_NAME_LENGTH ? text : text.substring(0, SHOWN_NAME_LENGTH) + "…";
    }
}
