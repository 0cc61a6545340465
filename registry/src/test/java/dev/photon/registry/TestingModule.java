package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/**
 * WebAssembly modules put together by hand (WebAssembly core specification, chapter 5): one function without parameters
 * and results, and what the test adds. Sections must be added in the order of their ids.
 */
final class TestingModule {
    private static final byte[] HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};
    private static final int FUNCTION = 0;
    private static final int MEMORY = 2;

    private final ByteArrayOutputStream module = new ByteArrayOutputStream();

    TestingModule() {
        this(HEADER);
    }

    /** Goes on after what is there. */
    TestingModule(byte[] begun) {
        module.writeBytes(begun);
    }

    /** A command that does nothing, with so many pages of memory. */
    static byte[] command(int pages) {
        return new TestingModule()
                .type()
                .function()
                .memory(pages)
                .exportFunction("_start")
                .body(0x0b)
                .bytes();
    }

    TestingModule section(int id, byte[] content) {
        module.write(id);
        module.writeBytes(number(content.length));
        module.writeBytes(content);
        return this;
    }

    /** The type of a function without parameters and results. */
    TestingModule type() {
        return section(1, new byte[] {1, 0x60, 0, 0});
    }

    TestingModule importFunctions(String from, String... names) {
        var content = new ByteArrayOutputStream();
        content.writeBytes(number(names.length));
        for (var name : names) {
            content.writeBytes(text(from));
            content.writeBytes(text(name));
            content.write(FUNCTION);
            content.write(0);
        }
        return section(2, content.toByteArray());
    }

    TestingModule importMemory(String from, String name) {
        var content = new ByteArrayOutputStream();
        content.write(1);
        content.writeBytes(text(from));
        content.writeBytes(text(name));
        content.write(MEMORY);
        content.writeBytes(new byte[] {0, 1});
        return section(2, content.toByteArray());
    }

    TestingModule function() {
        return section(3, new byte[] {1, 0});
    }

    TestingModule functions(int count) {
        var content = new ByteArrayOutputStream();
        content.writeBytes(number(count));
        content.writeBytes(new byte[count]);
        return section(3, content.toByteArray());
    }

    TestingModule memory(int pages) {
        var content = new ByteArrayOutputStream();
        content.write(1);
        content.write(0);
        content.writeBytes(number(pages));
        return section(5, content.toByteArray());
    }

    /** An http-wasm handler with two functions: handle_request and handle_response, of types 0 and 1. */
    static byte[] handler() {
        var exports = new ByteArrayOutputStream();
        exports.write(2);
        exports.writeBytes(text("handle_request"));
        exports.writeBytes(new byte[] {FUNCTION, 0});
        exports.writeBytes(text("handle_response"));
        exports.writeBytes(new byte[] {FUNCTION, 1});
        return new TestingModule()
                .section(1, new byte[] {2, 0x60, 0, 1, 0x7e, 0x60, 2, 0x7f, 0x7f, 0})
                .section(3, new byte[] {2, 0, 1})
                .memory(1)
                .section(7, exports.toByteArray())
                .bodies(new byte[] {0x42, 0, 0x0b}, new byte[] {0x0b})
                .bytes();
    }

    TestingModule exportFunction(String name) {
        return export(name, FUNCTION);
    }

    TestingModule exportMemory(String name) {
        return export(name, MEMORY);
    }

    private TestingModule export(String name, int kind) {
        var content = new ByteArrayOutputStream();
        content.write(1);
        content.writeBytes(text(name));
        content.write(kind);
        content.write(0);
        return section(7, content.toByteArray());
    }

    /** The code of the one function, which has no locals. */
    TestingModule body(int... instructions) {
        var content = new ByteArrayOutputStream();
        content.write(1);
        content.writeBytes(number(instructions.length + 1));
        content.write(0);
        for (var instruction : instructions) {
            content.write(instruction);
        }
        return section(10, content.toByteArray());
    }

    /** The code of several functions, which have no locals. */
    TestingModule bodies(byte[]... bodies) {
        var content = new ByteArrayOutputStream();
        content.writeBytes(number(bodies.length));
        for (var body : bodies) {
            content.writeBytes(number(body.length + 1));
            content.write(0);
            content.writeBytes(body);
        }
        return section(10, content.toByteArray());
    }

    /** A segment that is copied to the start of the memory. */
    TestingModule data(byte[] bytes) {
        var content = new ByteArrayOutputStream();
        content.writeBytes(new byte[] {1, 0, 0x41, 0, 0x0b});
        content.writeBytes(number(bytes.length));
        content.writeBytes(bytes);
        return section(11, content.toByteArray());
    }

    TestingModule custom(byte[] bytes) {
        var content = new ByteArrayOutputStream();
        content.writeBytes(text(".debug_info"));
        content.writeBytes(bytes);
        return section(0, content.toByteArray());
    }

    byte[] bytes() {
        return module.toByteArray();
    }

    private static byte[] text(String text) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(number(text.getBytes(UTF_8).length));
        bytes.writeBytes(text.getBytes(UTF_8));
        return bytes.toByteArray();
    }

    /** Unsigned LEB128. */
    private static byte[] number(int value) {
        var bytes = new ByteArrayOutputStream();
        var left = value;
        while (left > 0x7f) {
            bytes.write(0x80 | (left & 0x7f));
            left >>>= 7;
        }
        bytes.write(left);
        return bytes.toByteArray();
    }
}
