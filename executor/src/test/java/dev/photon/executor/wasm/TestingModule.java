package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/** Modules that no toolchain makes: the first function is {@code _start}. */
final class TestingModule {
    private static final byte[] HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};
    private static final byte[] ONE_TYPE_WITHOUT_VALUES = {1, 0x60, 0, 0};
    private static final int I32 = 0x7f;
    private static final int I64 = 0x7e;

    private static final int END = 0x0b;

    private int pages = 1;
    private List<byte[]> functions = List.of(new byte[] {0, END});
    private byte[] data = {0};

    static byte[] withMemory(int pages) {
        var module = new TestingModule();
        module.pages = pages;
        return module.bytes();
    }

    /** Functions of {@code i32.const 0, i32.load, drop}, six bytes that become eight of the JVM; the first is called. */
    static byte[] withFunctionsOf(int... bytes) {
        var module = new TestingModule();
        module.functions =
                Arrays.stream(bytes).mapToObj(size -> function(size, "")).toList();
        return module.bytes();
    }

    private static byte[] function(int bytes, String end) {
        return HexFormat.of().parseHex("00" + "41002802001a".repeat(bytes / 6) + end + "0b");
    }

    /** Functions of so many bytes: the first calls the second, which makes a tail call to the third. */
    static byte[] withATailCall(int first, int second, int third) {
        var module = new TestingModule();
        module.functions = List.of(function(first, "1001"), function(second, "1202"), function(third, ""));
        return module.bytes();
    }

    /** So many locals, of which the last is read. */
    static byte[] withLocals(int count) {
        return withCode(code -> {
            code.write(1);
            number(code, count);
            code.write(I32);
            code.write(0x20);
            number(code, count - 1);
            code.write(0x1a);
        });
    }

    /** A jump to one of so many places, which are all the same. */
    static byte[] withBranches(int count) {
        return withCode(code -> {
            code.write(0);
            code.writeBytes(new byte[] {0x02, 0x40, 0x41, 7, 0x0e});
            number(code, count);
            code.writeBytes(new byte[count + 1]);
            code.write(END);
        });
    }

    /** Blocks within blocks. */
    static byte[] withBlocks(int depth) {
        return withCode(code -> {
            code.write(0);
            for (int i = 0; i < depth; i++) {
                code.write(0x02);
                code.write(0x40);
            }
            for (int i = 0; i < depth; i++) {
                code.write(END);
            }
        });
    }

    /** A function that calls itself: with so many variables, in so many blocks, above so many operands. */
    static byte[] withFrames(int variables, int blocks, int operands) {
        return withCode(code -> {
            code.write(1);
            number(code, variables);
            code.write(I64);
            code.writeBytes(HexFormat.of().parseHex("0240".repeat(blocks) + "4100".repeat(operands) + "1000"));
            code.writeBytes(HexFormat.of().parseHex("1a".repeat(operands) + "0b".repeat(blocks)));
        });
    }

    /** An endless loop whose body is too large for a method of the JVM, and so interpreted in a compiled module. */
    static byte[] withALargeLoop() {
        return withCode(code -> {
            code.writeBytes(new byte[] {1, 1, I32, 0x03, 0x40});
            for (int i = 0; i < 20_000; i++) {
                code.writeBytes(new byte[] {0x20, 0, 0x41, 1, 0x6a, 0x21, 0});
            }
            code.writeBytes(new byte[] {0x0c, 0, END});
        });
    }

    /** Segments of one byte, all copied to the same place. */
    static byte[] withSegments(int count) {
        var module = new TestingModule();
        var segments = new ByteArrayOutputStream();
        number(segments, count);
        for (int i = 0; i < count; i++) {
            segments.writeBytes(new byte[] {0, 0x41, 0, END, 1, 42});
        }
        module.data = segments.toByteArray();
        return module.bytes();
    }

    /** One segment that fills the memory. */
    static byte[] withASegmentOfPages(int pages) {
        var module = new TestingModule();
        module.pages = pages;
        var segment = new ByteArrayOutputStream();
        segment.writeBytes(new byte[] {1, 0, 0x41, 0, END});
        number(segment, pages << 16);
        segment.writeBytes(new byte[pages << 16]);
        module.data = segment.toByteArray();
        return module.bytes();
    }

    /**
     * @param writer of the locals and the instructions, but for the last end
     */
    private static byte[] withCode(Consumer<ByteArrayOutputStream> writer) {
        var module = new TestingModule();
        var code = new ByteArrayOutputStream();
        writer.accept(code);
        code.write(END);
        module.functions = List.of(code.toByteArray());
        return module.bytes();
    }

    private byte[] bytes() {
        var module = new ByteArrayOutputStream();
        module.writeBytes(HEADER);
        section(module, 1, ONE_TYPE_WITHOUT_VALUES);
        var types = new ByteArrayOutputStream();
        number(types, functions.size());
        types.writeBytes(new byte[functions.size()]);
        section(module, 3, types.toByteArray());
        var memory = new ByteArrayOutputStream();
        memory.writeBytes(new byte[] {1, 0});
        number(memory, pages);
        section(module, 5, memory.toByteArray());
        var exports = new ByteArrayOutputStream();
        exports.writeBytes(new byte[] {1, 6});
        exports.writeBytes("_start".getBytes(UTF_8));
        exports.writeBytes(new byte[] {0, 0});
        section(module, 7, exports.toByteArray());
        var code = new ByteArrayOutputStream();
        number(code, functions.size());
        for (var function : functions) {
            number(code, function.length);
            code.writeBytes(function);
        }
        section(module, 10, code.toByteArray());
        section(module, 11, data);
        return module.toByteArray();
    }

    private static void section(ByteArrayOutputStream module, int id, byte[] content) {
        module.write(id);
        number(module, content.length);
        module.writeBytes(content);
    }

    /** Unsigned LEB128. */
    private static void number(ByteArrayOutputStream out, int value) {
        var left = value;
        for (; left > 0x7f; left >>>= 7) {
            out.write(0x80 | (left & 0x7f));
        }
        out.write(left);
    }
}
