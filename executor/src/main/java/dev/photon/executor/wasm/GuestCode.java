package dev.photon.executor.wasm;

import java.lang.classfile.ClassFile;

/** Makes the classes that Chicory compiles from a module faster. */
final class GuestCode {
    private GuestCode() {}

    /**
     * The same program, for instances whose memory is a {@link LinearMemory}. Stateless; some milliseconds for 100 KB.
     *
     * @param bytes one class file of a module's
     * @throws IllegalArgumentException when this is no class that Chicory compiled
     */
    static byte[] rewrite(byte[] bytes) {
        var file = ClassFile.of();
        var parsed = file.parse(bytes);
        return file.transformClass(
                parsed, new GuestClass(parsed.thisClass().asSymbol().packageName()));
    }
}
