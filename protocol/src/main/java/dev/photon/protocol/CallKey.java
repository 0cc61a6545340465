package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Pattern;

/**
 * What makes calls one call (draft-ietf-httpapi-idempotency-key-header).
 *
 * @param hash of who calls, the function and the caller's key, and behind it of the function alone: 64 lower-case
 *     hexadecimal digits
 * @param payload the digest of what the function gets
 */
public record CallKey(String hash, Digest payload) {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final int HEXADECIMAL = 16;
    private static final int PARTITION_DIGITS = 8;
    private static final int FUNCTION_DIGITS = 8;
    private static final int FUNCTION_AT = 64 - FUNCTION_DIGITS;

    public CallKey {
        if (!isHash(hash)) {
            throw new IllegalArgumentException("the hash of a key has 64 hexadecimal digits");
        }
    }

    /** Whose keys are his own. */
    public sealed interface Caller {
        /**
         * @param id of the API key
         */
        record Key(String id) implements Caller {}

        /**
         * Somebody without one.
         *
         * @param credentials the digest of what else the function may tell callers apart by
         */
        record Anybody(Digest credentials) implements Caller {}
    }

    /** The hash of a key. */
    public static String hash(Caller caller, String function, String key) {
        var who = switch (caller) {
            case Caller.Key api -> "key " + api.id();
            case Caller.Anybody anybody -> "anybody " + anybody.credentials().hex();
        };
        var whole =
                Digest.of((who + '\n' + function + '\n' + key).getBytes(UTF_8)).hex();
        return whole.substring(0, FUNCTION_AT)
                + Digest.of(function.getBytes(UTF_8)).hex().substring(0, FUNCTION_DIGITS);
    }

    /** What the hashes of a function's keys have in common, and others' rarely. */
    public static int function(String hash) {
        return Integer.parseUnsignedInt(hash, FUNCTION_AT, FUNCTION_AT + FUNCTION_DIGITS, HEXADECIMAL);
    }

    static boolean isHash(String text) {
        return HASH.matcher(text).matches();
    }

    /** Where calls of this key go, and their answer is kept, of so many partitions. */
    public int partition(int count) {
        return Integer.remainderUnsigned(Integer.parseUnsignedInt(hash, 0, PARTITION_DIGITS, HEXADECIMAL), count);
    }
}
