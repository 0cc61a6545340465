package dev.photon.protocol;

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

    /** A fresh SHA-256 for content that arrives in parts; give its result to {@link #finish}. */
    public static MessageDigest accumulator() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    public static Digest finish(byte[] hash) {
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
