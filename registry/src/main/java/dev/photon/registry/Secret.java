package dev.photon.registry;

import java.util.regex.Pattern;

/**
 * A value that functions get in their environment and nobody else gets to see: sealed in a {@link SecretBox} before it
 * reaches the log. Immutable.
 *
 * @param name 1 to 64 letters, digits, dots, dashes and underscores, first a letter or a digit
 * @param sealed not copied, so not to be changed
 * @param updatedAt milliseconds since 1970-01-01T00:00Z, by the registry's clock
 */
public record Secret(String name, byte[] sealed, long updatedAt) {
    /** The longest value, in bytes of UTF-8. */
    public static final int MAX_BYTES = 16 * 1024;

    private static final int MAX_SEALED_BYTES = MAX_BYTES + 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /**
     * @throws IllegalArgumentException with a sentence for whoever wished it
     */
    public Secret {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "a secret's name is 1 to 64 letters, digits, '.', '-' and '_', and starts with a letter or a digit");
        }
        if (sealed.length > MAX_SEALED_BYTES) {
            throw new IllegalArgumentException("a secret has at most " + MAX_BYTES + " bytes");
        }
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }
}
