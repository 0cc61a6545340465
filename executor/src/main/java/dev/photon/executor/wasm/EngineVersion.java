package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dylibso.chicory.compiler.internal.Compiler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What compiled code depends on beside the module: Chicory, the JVM, and those classes of ours that make it or are
 * called by it. They are hashed, since a number would have to be remembered at each change.
 */
final class EngineVersion {
    private static final String CHICORY = "/META-INF/maven/com.dylibso.chicory/compiler/pom.properties";
    private static final List<Class<?>> OURS = List.of(
            Translator.class,
            CompiledCode.class,
            GuestCode.class,
            GuestClass.class,
            LinearMemory.class,
            LargeFunctions.class,
            Interruption.class);

    private EngineVersion() {}

    /** 16 hexadecimal digits. */
    static String current() {
        return on(Runtime.version().toString());
    }

    /**
     * @param jvm its whole version
     */
    static String on(String jvm) {
        try {
            var hash = MessageDigest.getInstance("SHA-256");
            hash.update(jvm.getBytes(UTF_8));
            hash.update(content(Compiler.class, CHICORY));
            for (var ours : OURS) {
                hash.update(content(ours, ours.getSimpleName() + ".class"));
            }
            return HexFormat.of().formatHex(hash.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] content(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the class path lacks " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
