package dev.photon.executor.wasm;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.zip.Deflater;

/**
 * Makes the classes that Chicory compiles from a module faster. They come and go in the form in which Chicory's compiler
 * gives them to its cache: a JAR with a class for each group of functions.
 */
public final class GuestCode {
    /** Changes with what {@link #rewrite} does: rewritten classes that are kept are of use to this version only. */
    public static final int VERSION = 1;

    private static final String CLASS = ".class";

    private GuestCode() {}

    /**
     * The same program, for instances whose memory is a {@link LinearMemory}. Stateless; some milliseconds for 100 KB.
     *
     * @throws IllegalArgumentException when these are not classes that Chicory compiled
     */
    public static byte[] rewrite(byte[] jar) {
        var rewritten = new ByteArrayOutputStream(jar.length);
        try (var in = new JarInputStream(new ByteArrayInputStream(jar));
                var out = new JarOutputStream(rewritten)) {
            out.setLevel(Deflater.BEST_SPEED);
            for (var entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                var content = in.readAllBytes();
                out.putNextEntry(new JarEntry(entry.getName()));
                out.write(entry.getName().endsWith(CLASS) ? rewriteClass(content) : content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rewritten.toByteArray();
    }

    private static byte[] rewriteClass(byte[] bytes) {
        var file = ClassFile.of();
        return file.transformClass(file.parse(bytes), new GuestClass());
    }
}
