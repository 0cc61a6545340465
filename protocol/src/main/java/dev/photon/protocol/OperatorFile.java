package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The small files in which operators hand over certificates, keys and passwords. */
public final class OperatorFile {
    private OperatorFile() {}

    /** All of a file. */
    public static String read(Path file) throws UnfitFile {
        try {
            return new String(Files.readAllBytes(file), UTF_8);
        } catch (NoSuchFileException e) {
            throw new UnfitFile(file + " does not exist");
        } catch (AccessDeniedException e) {
            throw new UnfitFile(file + " may not be read by this process");
        } catch (IOException e) {
            throw new UnfitFile(file + " cannot be read: " + e.getMessage());
        }
    }

    /** A secret, without the end of the line that editors and {@code echo} add. */
    static String secret(Path file) throws UnfitFile {
        var text = read(file);
        var lineEnd = text.endsWith("\r\n") ? 2 : text.endsWith("\n") ? 1 : 0;
        var secret = text.substring(0, text.length() - lineEnd);
        if (secret.isEmpty()) {
            throw new UnfitFile(file + " is empty");
        }
        return secret;
    }
}
