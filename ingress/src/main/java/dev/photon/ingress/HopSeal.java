package dev.photon.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Digest;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves that a {@link Hop} was written by one who has the operator's key, which regions share: {@code …; proof=} and the
 * HMAC-SHA256 (RFC 2104) of the line and of the request's path. Thread-safe.
 */
final class HopSeal {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String PURPOSE = "photon hop 1\n";
    private static final String PROOF = "; proof=";

    private final SecretKeySpec key;

    /**
     * @param operatorKey the hash of the operator's key
     */
    HopSeal(Digest operatorKey) {
        this.key = new SecretKeySpec(operatorKey.hex().getBytes(UTF_8), ALGORITHM);
    }

    String seal(String line, String path) {
        return line + PROOF + HexFormat.of().formatHex(proof(line, path));
    }

    /** The line, if it was sealed for this path with our key. */
    Optional<String> open(String sealed, String path) {
        var end = sealed.lastIndexOf(PROOF);
        if (end < 0) {
            return Optional.empty();
        }
        var line = sealed.substring(0, end);
        var expected = HexFormat.of().formatHex(proof(line, path));
        var given = sealed.substring(end + PROOF.length());
        return MessageDigest.isEqual(expected.getBytes(UTF_8), given.getBytes(UTF_8))
                ? Optional.of(line)
                : Optional.empty();
    }

    private byte[] proof(String line, String path) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal((PURPOSE + line + "\n" + path).getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
        }
    }
}
