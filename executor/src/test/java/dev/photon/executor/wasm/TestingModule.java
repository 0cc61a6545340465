package dev.photon.executor.wasm;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** Modules of a few bytes that no toolchain makes. Sizes are below 128, where an integer's encoding is one byte. */
final class TestingModule {
    private static final String HEADER = "0061736d 01000000 ";
    /** One type without parameters and results, and one function of it. */
    private static final String FUNCTION = "01 04 01 60 00 00  03 02 01 00 ";

    private static final String EXPORT_START = "07 0a 01 06 5f7374617274 00 00 ";
    private static final String EMPTY_BODY = "0a 04 01 02 00 0b ";

    private TestingModule() {}

    static byte[] withMemory(int pages) {
        return bytes(HEADER + FUNCTION + "05 03 01 00 %02x ".formatted(pages) + EXPORT_START + EMPTY_BODY);
    }

    /** Functions of {@code i32.const 0, i32.load, drop}, six bytes that become eight of the JVM; the first is called. */
    static byte[] withFunctionsOf(int... bytes) {
        var code = new ByteArrayOutputStream();
        writeNumber(code, bytes.length);
        for (var size : bytes) {
            var body = HexFormat.of().parseHex("00" + "41002802001a".repeat(size / 6) + "0b");
            writeNumber(code, body.length);
            code.writeBytes(body);
        }
        var module = new ByteArrayOutputStream();
        var types = "03 %02x %02x ".formatted(bytes.length + 1, bytes.length) + "00 ".repeat(bytes.length);
        module.writeBytes(bytes(HEADER + "01 04 01 60 00 00 " + types + "05 03 01 00 01 " + EXPORT_START + "0a"));
        writeNumber(module, code.size());
        module.writeBytes(code.toByteArray());
        return module.toByteArray();
    }

    private static void writeNumber(ByteArrayOutputStream out, int value) {
        var left = value;
        for (; left > 0x7f; left >>>= 7) {
            out.write(0x80 | (left & 0x7f));
        }
        out.write(left);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
