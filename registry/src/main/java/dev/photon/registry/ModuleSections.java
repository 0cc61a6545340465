package dev.photon.registry;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * A module by its sections (WebAssembly Core Specification 2.0, section 5.5.2), looked at and not parsed. A parsed
 * module takes many times the memory of its code, so it is offered in forms that leave out what is not needed:
 *
 * <pre>
 * to run:     all but the custom sections, which mean nothing to a run (5.5.3) and hold debug information
 * shell:      the same, but functions whose code a run has from elsewhere cut down to "unreachable"
 * to check:   the definitions, with every function cut down to "unreachable", which is valid for every type, and data
 *             segments without their bytes; then slices, with the code of some functions. Every function is whole in
 *             one of them, so the module is valid when all are
 * </pre>
 */
final class ModuleSections {
    private static final byte[] HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};
    private static final int CUSTOM = 0;
    private static final int IMPORT = 2;
    private static final int CODE = 10;
    private static final int DATA = 11;

    /** Of code and locals in one slice; each byte takes 24 to 54 when it is parsed. */
    private static final int SLICE_BYTES = 1 << 20;

    private static final int MAX_FUNCTIONS = 100_000;
    private static final int MAX_SEGMENTS = 100_000;
    private static final int MAX_DEFINITION_BYTES = 2 << 20;
    /** Each at most once, but for the custom ones. */
    private static final int MAX_SECTIONS = 32;

    /** Size, no locals, unreachable, end. */
    private static final byte[] STUB = {3, 0, 0x00, 0x0b};

    private final List<Section> sections;
    private final List<ByteBuffer> customs;
    /** The functions' code with their sizes; empty without a code section. */
    private final List<ByteBuffer> bodies;
    /** The content of the data section without the segments' bytes. */
    private final byte[] segments;
    /** The first function of each slice, and behind the last one. */
    private final List<Integer> bounds;

    private record Section(int id, ByteBuffer content) {}

    private ModuleSections(List<Section> sections, List<ByteBuffer> customs) throws InvalidModule {
        this.sections = sections;
        this.customs = customs;
        var code = content(sections, CODE);
        var data = content(sections, DATA);
        this.bodies = code.isPresent() ? bodies(code.get()) : List.of();
        this.segments = data.isPresent() ? withoutBytes(data.get()) : new byte[0];
        this.bounds = bounds(bodies);
        var definitions = sections.stream()
                .filter(section -> section.id != CODE && section.id != DATA)
                .mapToLong(section -> section.content.remaining())
                .sum();
        atMost(MAX_DEFINITION_BYTES, definitions, "bytes of definitions beside code and data");
    }

    /**
     * Looks at what is between the buffer's position and limit.
     *
     * @throws InvalidModule when it is no module, its parts do not fit, or there are more than can be checked
     */
    static ModuleSections of(ByteBuffer module) throws InvalidModule {
        if (module.remaining() < HEADER.length
                || !module.slice(module.position(), HEADER.length).equals(ByteBuffer.wrap(HEADER))) {
            throw new InvalidModule(
                    "the file is not a valid WebAssembly module: it does not begin with \\0asm and version 1");
        }
        var left = module.duplicate().position(module.position() + HEADER.length);
        try {
            var sections = new ArrayList<Section>();
            var customs = new ArrayList<ByteBuffer>();
            while (left.hasRemaining()) {
                var section = new Section(left.get(), take(left, number(left)));
                if (section.id != CUSTOM) {
                    sections.add(section);
                } else if (customs.size() < MAX_SECTIONS) {
                    customs.add(section.content);
                }
                atMost(MAX_SECTIONS, sections.size(), "sections");
            }
            return new ModuleSections(sections, customs);
        } catch (BufferUnderflowException | IndexOutOfBoundsException | ArithmeticException e) {
            throw malformed("a part of it is longer than the file");
        }
    }

    private static Optional<ByteBuffer> content(List<Section> sections, int id) {
        return sections.stream()
                .filter(section -> section.id == id)
                .map(section -> section.content.duplicate())
                .findFirst();
    }

    private static List<ByteBuffer> bodies(ByteBuffer left) throws InvalidModule {
        var count = number(left);
        atMost(MAX_FUNCTIONS, count, "functions");
        var bodies = new ArrayList<ByteBuffer>(count);
        for (int i = 0; i < count; i++) {
            var start = left.position();
            take(left, number(left));
            bodies.add(left.slice(start, left.position() - start));
        }
        ended(left);
        return bodies;
    }

    private static List<Integer> bounds(List<ByteBuffer> bodies) throws InvalidModule {
        var bounds = new ArrayList<>(List.of(0));
        var bytes = 0L;
        for (int i = 0; i < bodies.size(); i++) {
            var size = bodies.get(i).remaining() + locals(bodies.get(i).duplicate());
            atMost(SLICE_BYTES, size, "bytes and locals in one function");
            if (bytes + size > SLICE_BYTES) {
                bounds.add(i);
                bytes = 0;
            }
            bytes += size;
        }
        bounds.add(bodies.size());
        return bounds;
    }

    /** How many locals a function declares, in groups of a count and a type (5.5.13). */
    private static long locals(ByteBuffer body) throws InvalidModule {
        number(body);
        var locals = 0L;
        for (var groups = number(body); groups > 0; groups--) {
            locals += number(body);
            skipNumber(body);
        }
        return locals;
    }

    /** Of the data section (5.5.14): each segment keeps its kind, its memory and its offset. */
    private static byte[] withoutBytes(ByteBuffer left) throws InvalidModule {
        var without = new ByteArrayOutputStream();
        var count = number(left);
        atMost(MAX_SEGMENTS, count, "data segments");
        writeNumber(without, count);
        for (int i = 0; i < count; i++) {
            var start = left.position();
            skipSegmentHead(left);
            write(without, left.slice(start, left.position() - start));
            take(left, number(left));
            writeNumber(without, 0);
        }
        ended(left);
        return without.toByteArray();
    }

    private static void skipSegmentHead(ByteBuffer left) throws InvalidModule {
        switch (number(left)) {
            case 0 -> skipOffset(left);
            case 1 -> {}
            case 2 -> {
                number(left);
                skipOffset(left);
            }
            default -> throw malformed("a data segment has no known kind");
        }
    }

    /** A constant expression that gives an i32: global.get, i32.const, and i32.add, sub and mul of those. */
    private static void skipOffset(ByteBuffer left) throws InvalidModule {
        while (true) {
            switch (left.get()) {
                case 0x0b -> {
                    return;
                }
                case 0x23, 0x41 -> skipNumber(left);
                case 0x6a, 0x6b, 0x6c -> {}
                default -> throw malformed("a data segment's offset is no constant expression");
            }
        }
    }

    /** All that a run needs. */
    InputStream toRun() {
        return module(Section::content);
    }

    /**
     * All that a run needs which has the code of functions from elsewhere.
     *
     * @param kept the functions whose code is needed all the same, by their place in the code section
     */
    InputStream shell(IntPredicate kept) {
        var code = ByteBuffer.wrap(code(kept));
        return module(section -> section.id == CODE ? code : section.content);
    }

    private InputStream module(Function<Section, ByteBuffer> contents) {
        var parts = new ArrayList<>(List.of(ByteBuffer.wrap(HEADER)));
        for (var section : sections) {
            var content = contents.apply(section).duplicate();
            var head = new ByteArrayOutputStream();
            writeHead(head, section.id, content.remaining());
            parts.add(ByteBuffer.wrap(head.toByteArray()));
            parts.add(content);
        }
        return new BuffersInputStream(parts);
    }

    /** A module by itself, without any function's code. */
    InputStream definitions() {
        return with(0, 0);
    }

    /** How long each function's code is, in bytes. */
    int[] codeBytes() {
        return bodies.stream().mapToInt(ByteBuffer::remaining).toArray();
    }

    /** How many things the module imports; only functions, when it can run here. */
    int imports() throws InvalidModule {
        var content = content(sections, IMPORT);
        return content.isPresent() ? number(content.get()) : 0;
    }

    /** The first of the custom sections, which begin with their names (5.5.3). */
    List<ByteBuffer> customs() {
        return customs.stream().map(ByteBuffer::duplicate).toList();
    }

    /** How many slices there are to check, at least one. */
    int slices() {
        return bounds.size() - 1;
    }

    /** A module by itself: all definitions, and some of the functions. */
    InputStream slice(int index) {
        return with(bounds.get(index), bounds.get(index + 1));
    }

    private InputStream with(int from, int to) {
        var slice = new ByteArrayOutputStream();
        slice.writeBytes(HEADER);
        for (var section : sections) {
            switch (section.id) {
                case CODE -> write(slice, CODE, ByteBuffer.wrap(code(index -> index >= from && index < to)));
                case DATA -> write(slice, DATA, ByteBuffer.wrap(segments));
                default -> write(slice, section.id, section.content);
            }
        }
        return new ByteArrayInputStream(slice.toByteArray());
    }

    private byte[] code(IntPredicate kept) {
        var code = new ByteArrayOutputStream();
        writeNumber(code, bodies.size());
        for (int i = 0; i < bodies.size(); i++) {
            write(code, kept.test(i) ? bodies.get(i) : ByteBuffer.wrap(STUB));
        }
        return code.toByteArray();
    }

    private static InvalidModule malformed(String reason) {
        return new InvalidModule("the file is not a valid WebAssembly module: " + reason);
    }

    private static void atMost(long most, long found, String what) throws InvalidModule {
        if (found > most) {
            throw new InvalidModule("the module has %d %s, and at most %d are taken".formatted(found, what, most));
        }
    }

    private static void ended(ByteBuffer left) throws InvalidModule {
        if (left.hasRemaining()) {
            throw malformed("a section is longer than what is in it");
        }
    }

    static ByteBuffer take(ByteBuffer left, int length) {
        var taken = left.slice(left.position(), length);
        left.position(left.position() + length);
        return taken;
    }

    /** An unsigned number of 32 bits in LEB128 (5.2.2) that counts bytes or things, so below 2^31. */
    static int number(ByteBuffer left) throws InvalidModule {
        var value = 0L;
        for (int shift = 0; shift < 35; shift += 7) {
            var next = left.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return Math.toIntExact(value);
            }
        }
        throw malformed("a number has more than 5 bytes");
    }

    private static void skipNumber(ByteBuffer left) {
        while (left.get() < 0) {
            // The high bit says that another byte follows.
        }
    }

    private static void writeNumber(ByteArrayOutputStream out, int value) {
        var left = value;
        for (; left > 0x7f; left >>>= 7) {
            out.write(0x80 | (left & 0x7f));
        }
        out.write(left);
    }

    private static void writeHead(ByteArrayOutputStream out, int id, int length) {
        out.write(id);
        writeNumber(out, length);
    }

    private static void write(ByteArrayOutputStream out, int id, ByteBuffer content) {
        writeHead(out, id, content.remaining());
        write(out, content);
    }

    private static void write(ByteArrayOutputStream out, ByteBuffer content) {
        var bytes = new byte[content.remaining()];
        content.get(content.position(), bytes);
        out.writeBytes(bytes);
    }
}
