package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Functions of a module that will not be compiled, for its author to know. A method of the JVM holds 65,535 bytes; the
 * registry does not compile, so this estimates. C and Rust become 1.1 to 1.5 bytes for each of WebAssembly's,
 * AssemblyScript up to 1.9.
 */
final class LargeFunctions {
    private static final int TOO_LARGE = 48_000;
    private static final int SHOWN = 5;

    private static final ByteBuffer NAMES = ByteBuffer.wrap("name".getBytes(UTF_8));
    private static final int NAMES_OF_FUNCTIONS = 1;

    private LargeFunctions() {}

    /** A sentence that names them, by the names that the module gives and their indexes; empty when there are none. */
    static Optional<String> warning(ByteBuffer wasm) throws InvalidModule {
        var sections = ModuleSections.of(wasm);
        var bytes = sections.codeBytes();
        var large = IntStream.range(0, bytes.length)
                .filter(function -> bytes[function] >= TOO_LARGE)
                .boxed()
                .toList();
        if (large.isEmpty()) {
            return Optional.empty();
        }
        var imports = sections.imports();
        var shown = large.stream().limit(SHOWN).toList();
        var names = names(
                sections, shown.stream().map(function -> function + imports).toList());
        var listed = shown.stream()
                .map(function -> "%s (%d bytes)"
                        .formatted(
                                names.getOrDefault(function + imports, "function " + (function + imports)),
                                bytes[function]))
                .collect(Collectors.joining(", "));
        var more = large.size() > SHOWN ? " and %d more".formatted(large.size() - SHOWN) : "";
        return Optional.of(
                "functions that may be too large to compile, and then are 50 to 500 times slower: " + listed + more);
    }

    /** Of the name section (WebAssembly Core Specification 2.0, section 7.4.1), in which nothing need be right. */
    private static Map<Integer, String> names(ModuleSections sections, List<Integer> wanted) {
        var names = new HashMap<Integer, String>();
        for (var section : sections.customs()) {
            try {
                if (NAMES.equals(ModuleSections.take(section, ModuleSections.number(section)))) {
                    addNames(section, wanted, names);
                }
            } catch (InvalidModule | BufferUnderflowException | IndexOutOfBoundsException | ArithmeticException e) {
                // The functions keep their indexes.
            }
        }
        return names;
    }

    private static void addNames(ByteBuffer section, List<Integer> wanted, Map<Integer, String> names)
            throws InvalidModule {
        while (section.hasRemaining()) {
            var kind = section.get();
            var content = ModuleSections.take(section, ModuleSections.number(section));
            if (kind == NAMES_OF_FUNCTIONS) {
                for (int left = ModuleSections.number(content); left > 0; left--) {
                    var function = ModuleSections.number(content);
                    var name = ModuleSections.take(content, ModuleSections.number(content));
                    if (wanted.contains(function)) {
                        names.put(function, Refused.shortened(UTF_8.decode(name).toString()));
                    }
                }
            }
        }
    }
}
