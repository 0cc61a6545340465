package dev.photon.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The SHA-256 digest that names an artifact.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) {
    private static final String PREFIX = "sha256:";
    private static final Pattern TEXT = Pattern.compile("sha256:[0-9a-f]{64}");

    /** The digest of these bytes. */
    public static Digest of(byte[] bytes) {
        return finish(accumulator().digest(bytes));
    }

    /** The digest of what is between the buffer's position and limit, which stay. */
    public static Digest of(ByteBuffer bytes) {
        var hash = accumulator();
        hash.update(bytes.duplicate());
        return finish(hash.digest());
    }

    /** The digest of a file, of which little is in memory at a time. */
    public static Digest of(Path file) throws IOException {
        try (var content = Files.newInputStream(file)) {
            return ofCopy(content, OutputStream.nullOutputStream());
        }
    }

    /** The digest of everything that is copied from one stream to the other; neither is closed. */
    public static Digest ofCopy(InputStream from, OutputStream to) throws IOException {
        var hash = accumulator();
        from.transferTo(new DigestOutputStream(to, hash));
        return finish(hash.digest());
    }

    /** What bytes are added to one after the other; {@link #finish} makes a digest of them. Confined to its thread. */
    public static MessageDigest accumulator() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The digest of all that was added. */
    public static Digest finish(MessageDigest added) {
        return finish(added.digest());
    }

    private static Digest finish(byte[] hash) {
        return new Digest(HexFormat.of().formatHex(hash));
    }

    /** Reads {@code sha256:<64 hexadecimal digits>}; anything else is empty. */
    public static Optional<Digest> parse(String text) {
        return TEXT.matcher(text).matches()
                ? Optional.of(new Digest(text.substring(PREFIX.length())))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return PREFIX + hex;
    }
}
