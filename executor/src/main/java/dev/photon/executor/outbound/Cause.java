package dev.photon.executor.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a run's calls are made for. Immutable.
 *
 * @param name of the invocation, among all of all regions and functions; the same for each run of it
 * @param traceparent what the run is a part of (W3C Trace Context)
 */
public record Cause(String name, Optional<String> traceparent) {
    /** RFC 9110, section 9.2.2: sent twice, they do what they do once. */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE");

    /** RFC 9562, section 5.8: what is in the other bits is ours to say. */
    private static final long VERSION_8 = 0x8000L;

    private static final long VARIANT = 0x8000_0000_0000_0000L;

    /** By the regions' own names. */
    public static Cause of(String region, String function, String invocation, Optional<String> traceparent) {
        return new Cause(String.join("\n", region, function, invocation), traceparent);
    }

    /**
     * By which a server tells a repeated call from another one; empty for methods that need none.
     *
     * @param index of the call in the run, from 0
     */
    Optional<String> idempotencyKey(String method, int index) {
        return IDEMPOTENT.contains(method)
                ? Optional.empty()
                : Optional.of(key(index).toString());
    }

    private UUID key(int index) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest((name + "\n" + index).getBytes(UTF_8));
            var bits = ByteBuffer.wrap(digest);
            return new UUID((bits.getLong() & ~0xF000L) | VERSION_8, (bits.getLong() >>> 2) | VARIANT);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
