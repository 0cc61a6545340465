package dev.photon.registry;

import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.Import;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.ValType;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A module that can run here: a valid one (WebAssembly Core Specification 2.0) with one memory of its own, that is of
 * one of the {@link Kind}s. The registry accepts what this reads, and the executor compiles what this reads.
 *
 * @param parsed the module
 * @param memory the declared limits of its memory
 * @param imports the functions it imports, each once
 * @param initializer the function to call once for each instance, before any other, if there is one
 */
public record GuestModule(
        WasmModule parsed, MemoryLimits memory, Kind kind, List<HostImport> imports, Optional<String> initializer) {
    /** Pages of 64 KiB that a memory can have: 2 GiB less one page, the most that an array of bytes holds. */
    public static final int MAX_PAGES = 32_767;

    /** What is called, and when. */
    public enum Kind {
        /** A command of WASI preview 1: {@code _start} is called once, in an instance of its own. */
        COMMAND,
        /** A handler of the http-wasm ABI: {@code handle_request}, and {@code handle_response} after the next handler. */
        HANDLER
    }

    /** A function that the module imports. */
    public record HostImport(HostInterface from, String name) {}

    /** A command's function. */
    public static final String START = "_start";

    /** A reactor's first function. */
    private static final String INITIALIZE = "_initialize";

    public static final String HANDLE_REQUEST = "handle_request";
    public static final String HANDLE_RESPONSE = "handle_response";

    private static final FunctionType NOTHING = FunctionType.of(List.of(), List.of());
    private static final FunctionType REQUEST = FunctionType.of(List.of(), List.of(ValType.I64));
    private static final FunctionType RESPONSE = FunctionType.of(List.of(ValType.I32, ValType.I32), List.of());

    /** Elements of all tables, so that they cost at most 1 MiB a run; compilers emit thousands. */
    public static final int MAX_TABLE_ELEMENTS = 1 << 17;

    /**
     * A function with more code is not compiled: a method of the JVM holds 65,535 bytes, and C, Rust and AssemblyScript
     * become 1.1 to 1.9 bytes for each of WebAssembly's.
     */
    public static final int MAX_COMPILED_BYTES = 64 << 10;

    private static final int MAX_VALUES = 255;
    /** Less than a registry may be busy with one decision. */
    private static final Duration MAX_CHECK = Duration.ofMinutes(2);

    private static final String OFFERED =
            Arrays.stream(HostInterface.values()).map(HostInterface::module).collect(Collectors.joining(", "));

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
     * Reads a module whose code has been compiled: functions are cut down to a trap, but for some, which makes it as
     * small as its definitions and data.
     *
     * @param wasm what {@link #read} has taken before
     * @param kept the functions whose code is needed all the same, by their place in the code section
     * @throws InvalidModule when its definitions are not those of a module that can run here
     */
    public static GuestModule shell(ByteBuffer wasm, IntPredicate kept) throws InvalidModule {
        return of(parse(ModuleSections.of(wasm).shell(kept)));
    }

    /** How long each function's code is, in bytes, by its place in the code section. */
    public static int[] codeBytes(ByteBuffer wasm) throws InvalidModule {
        return ModuleSections.of(wasm).codeBytes();
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
        var codeBytes = sections.codeBytes();
        for (int i = 0; i < sections.slices(); i++) {
            TailCalls.requireNone(parse(sections.slice(i)), function -> codeBytes[function] > MAX_COMPILED_BYTES);
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
        return new GuestModule(module, memory, kind(module), imports, initializer(module));
    }

    /** The parser meets bytes of strangers, so whatever it throws says that they are not a module. */
    private static WasmModule parse(InputStream wasm) throws InvalidModule {
        try {
            return Parser.parse(wasm);
        } catch (RuntimeException | AssertionError | StackOverflowError | LinkageError e) {
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
        if (limits.initialPages() > MAX_PAGES) {
            throw new InvalidModule(
                    "the module starts with %d pages of memory, and a memory has at most %d: 2 GiB less a page"
                            .formatted(limits.initialPages(), MAX_PAGES));
        }
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

    private static Kind kind(WasmModule module) throws InvalidModule {
        if (exports(module, HANDLE_REQUEST, REQUEST) && exports(module, HANDLE_RESPONSE, RESPONSE)) {
            return Kind.HANDLER;
        }
        if (exports(module, START, NOTHING)) {
            return Kind.COMMAND;
        }
        throw new InvalidModule("the module exports neither _start, as a WASI command does (without parameters and"
                + " results), nor handle_request and handle_response, as an http-wasm handler does");
    }

    /** Compilers name it by the kind of module that they were asked for; a handler may be of either. */
    private static Optional<String> initializer(WasmModule module) throws InvalidModule {
        if (exports(module, INITIALIZE, NOTHING)) {
            return Optional.of(INITIALIZE);
        }
        return kind(module) == Kind.HANDLER && exports(module, START, NOTHING) ? Optional.of(START) : Optional.empty();
    }

    private static boolean exports(WasmModule module, String name, FunctionType type) {
        var exports = module.exportSection();
        return IntStream.range(0, exports.exportCount())
                .mapToObj(exports::getExport)
                .anyMatch(export -> export.name().equals(name)
                        && export.exportType() == ExternalType.FUNCTION
                        && type(module, export.index()).filter(type::equals).isPresent());
    }

    /** Of a function of the module's own. */
    private static Optional<FunctionType> type(WasmModule module, int function) {
        var own = function - module.importSection().count(ExternalType.FUNCTION);
        return own < 0 || own >= module.functionSection().functionCount()
                ? Optional.empty()
                : Optional.of(
                        module.typeSection().getType(module.functionSection().getFunctionType(own)));
    }

    private static List<HostImport> imports(WasmModule module) throws InvalidModule {
        var found = new LinkedHashSet<HostImport>();
        var unknown = new ArrayList<String>();
        var mistyped = new ArrayList<String>();
        for (int i = 0; i < module.importSection().importCount(); i++) {
            var wanted = module.importSection().getImport(i);
            var name = shortened(wanted.module()) + "." + shortened(wanted.name());
            var from = HostInterface.ofModule(wanted.module());
            var offered = wanted.importType() == ExternalType.FUNCTION
                    ? from.flatMap(there -> there.type(wanted.name()))
                    : Optional.<FunctionType>empty();
            if (offered.isEmpty()) {
                unknown.add(name);
            } else if (!offered.get().equals(type(module, wanted))) {
                mistyped.add(name);
            } else {
                found.add(new HostImport(from.orElseThrow(), wanted.name()));
            }
        }
        if (!unknown.isEmpty()) {
            throw new InvalidModule(
                    "the module imports %s; functions of %s are offered".formatted(someOf(unknown), OFFERED));
        }
        if (!mistyped.isEmpty()) {
            throw new InvalidModule(
                    "the module imports %s with other types than they have".formatted(someOf(mistyped)));
        }
        return List.copyOf(found);
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
