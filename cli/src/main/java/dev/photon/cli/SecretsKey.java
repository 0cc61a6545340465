package dev.photon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Base64;

/** The key of a laptop's region, which seals its secrets: made at first use, and for its owner alone. */
final class SecretsKey {
    private static final int KEY_BYTES = 32;

    private SecretsKey() {}

    static String in(Path folder) throws IOException {
        var file = folder.resolve("secrets.key");
        if (!Files.exists(file)) {
            var key = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(key);
            Files.createDirectories(folder);
            // A temporary file is its owner's alone, and the key is there whole or not at all.
            var partial = Files.createTempFile(folder, "secrets", ".partial");
            Files.writeString(partial, Base64.getEncoder().encodeToString(key));
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file);
    }
}
