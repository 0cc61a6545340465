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

    static byte[] withoutMemory() {
        return bytes(HEADER + FUNCTION + EXPORT_START + EMPTY_BODY);
    }

    static byte[] withSharedMemory() {
        return bytes(HEADER + FUNCTION + "05 04 01 03 01 01 " + EXPORT_START + EMPTY_BODY);
    }

    static byte[] withoutStart() {
        return bytes(HEADER + FUNCTION + "05 03 01 00 01 " + EMPTY_BODY);
    }

    /** A table of 2^21 elements. */
    static byte[] withLargeTable() {
        return bytes(HEADER + FUNCTION + "04 07 01 70 00 80808001 " + "05 03 01 00 01 " + EXPORT_START + EMPTY_BODY);
    }

    /** Imports {@code sched_yield} as if it had no result. */
    static byte[] withWrongImport() {
        return bytes(HEADER
                + "01 04 01 60 00 00 "
                + "02 26 01 16 776173695f736e617073686f745f7072657669657731 0b 73636865645f7969656c64 00 00 "
                + "03 02 01 00  05 03 01 00 01  07 0a 01 06 5f7374617274 00 01 "
                + EMPTY_BODY);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
