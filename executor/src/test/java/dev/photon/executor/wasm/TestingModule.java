package dev.photon.executor.wasm;

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

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
