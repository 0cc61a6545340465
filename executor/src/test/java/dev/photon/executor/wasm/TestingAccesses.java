package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Set;

/**
 * A module with a function for each load and store of the specification (section 5.4.6), at several offsets. The function
 * number {@code i} has the opcode and offset that {@link #opcode} and {@link #offset} tell.
 */
final class TestingAccesses {
    static final int PAGES = 2;
    static final List<Long> OFFSETS = List.of(0L, 5L, 65_536L, 0x7fff_fffeL, 0xffff_ffffL);
    private static final int FIRST = 0x28;
    private static final int FIRST_STORE = 0x36;
    private static final int LAST = 0x3e;
    static final int FUNCTIONS = (LAST - FIRST + 1) * OFFSETS.size();

    private static final int I32 = 0x7f;
    private static final int I64 = 0x7e;
    private static final int F32 = 0x7d;
    private static final int F64 = 0x7c;
    /** The value that each opcode loads or stores. */
    private static final int[] VALUES = {
        I32, I64, F32, F64, I32, I32, I32, I32, I64, I64, I64, I64, I64, I64, I32, I64, F32, F64, I32, I32, I64, I64,
        I64
    };
    /** Binary logarithms of the bytes. */
    private static final int[] ALIGNMENTS = {2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 3, 2, 3, 0, 1, 0, 1, 2};

    private static final Set<Integer> SIGNED = Set.of(0x2c, 0x2e, 0x30, 0x32, 0x34);

    private TestingAccesses() {}

    static int opcode(int function) {
        return FIRST + function / OFFSETS.size();
    }

    static long offset(int function) {
        return OFFSETS.get(function % OFFSETS.size());
    }

    static boolean isStore(int function) {
        return opcode(function) >= FIRST_STORE;
    }

    /** How many bytes are loaded or stored. */
    static int width(int function) {
        return 1 << ALIGNMENTS[opcode(function) - FIRST];
    }

    static boolean hasLongValue(int function) {
        var type = VALUES[opcode(function) - FIRST];
        return type == I64 || type == F64;
    }

    static boolean isSigned(int function) {
        return SIGNED.contains(opcode(function));
    }

    static byte[] module() {
        var types = new ByteArrayOutputStream();
        var functions = new ByteArrayOutputStream();
        var exports = new ByteArrayOutputStream();
        var bodies = new ByteArrayOutputStream();
        for (var out : List.of(types, functions, bodies)) {
            leb(out, FUNCTIONS);
        }
        leb(exports, FUNCTIONS);
        for (int i = 0; i < FUNCTIONS; i++) {
            var value = VALUES[opcode(i) - FIRST];
            types.writeBytes(
                    isStore(i)
                            ? new byte[] {0x60, 2, I32, (byte) value, 0}
                            : new byte[] {0x60, 1, I32, 1, (byte) value});
            leb(functions, i);
            var name = Integer.toString(i);
            leb(exports, name.length());
            exports.writeBytes(name.getBytes(US_ASCII));
            exports.write(0);
            leb(exports, i);
            section(bodies, body(i));
        }
        var module = new ByteArrayOutputStream();
        module.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        named(module, 1, types);
        named(module, 3, functions);
        named(module, 5, bytes(1, 1, PAGES, PAGES));
        named(module, 7, exports);
        named(module, 10, bodies);
        return module.toByteArray();
    }

    private static ByteArrayOutputStream body(int function) {
        var body = bytes(0, 0x20, 0);
        if (isStore(function)) {
            body.writeBytes(new byte[] {0x20, 1});
        }
        body.write(opcode(function));
        body.write(ALIGNMENTS[opcode(function) - FIRST]);
        leb(body, offset(function));
        body.write(0x0b);
        return body;
    }

    private static ByteArrayOutputStream bytes(int... values) {
        var out = new ByteArrayOutputStream();
        for (var value : values) {
            out.write(value);
        }
        return out;
    }

    private static void named(ByteArrayOutputStream out, int id, ByteArrayOutputStream content) {
        out.write(id);
        section(out, content);
    }

    private static void section(ByteArrayOutputStream out, ByteArrayOutputStream content) {
        leb(out, content.size());
        out.writeBytes(content.toByteArray());
    }

    private static void leb(ByteArrayOutputStream out, long value) {
        for (var left = value; ; left >>>= 7) {
            if (left < 0x80) {
                out.write((int) left);
                return;
            }
            out.write((int) ((left & 0x7f) | 0x80));
        }
    }
}
