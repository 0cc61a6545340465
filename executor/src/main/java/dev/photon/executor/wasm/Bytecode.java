package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * What the engine compiles a module to, as far as we look into it: a byte for the version, the number of names as a
 * LEB128, then the names, each with its length before it, doubled, for those in Latin-1. The first is the module's own.
 */
final class Bytecode {
    private Bytecode() {}

    /** The same module under another name. */
    static byte[] rename(byte[] bytecode, byte[] name) {
        var before = QuickJs.ANY_NAME.getBytes(US_ASCII);
        var lengthAt = 1;
        while ((bytecode[lengthAt] & 0x80) != 0) {
            lengthAt++;
        }
        lengthAt++;
        var nameAt = lengthAt + 1;
        if (bytecode[lengthAt] != 2 * before.length
                || !Arrays.equals(bytecode, nameAt, nameAt + before.length, before, 0, before.length)) {
            throw new IllegalStateException("the engine's bytecode does not begin with the module's name");
        }
        var renamed = new ByteArrayOutputStream(bytecode.length + name.length);
        renamed.write(bytecode, 0, lengthAt);
        writeUnsigned(renamed, 2 * name.length);
        renamed.writeBytes(name);
        renamed.write(bytecode, nameAt + before.length, bytecode.length - nameAt - before.length);
        return renamed.toByteArray();
    }

    private static void writeUnsigned(ByteArrayOutputStream out, int value) {
        var rest = value;
        while (rest >= 0x80) {
            out.write(rest | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
