package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Settings;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Seals and opens the values of secrets: AES-256-GCM (NIST SP 800-38D) under keys derived from the operator's by
 * HKDF-SHA256 (RFC 5869), with the secret's name as associated data, so that no value passes for another's. Sealed
 * values are {@code 1, nonce (12 bytes), ciphertext and tag}. Thread-safe.
 *
 * @param keys the first seals, and any may open: the operator changes keys by putting a new one in front
 */
public record SecretBox(List<SecretKey> keys) {
    public static final String SETTING = "PHOTON_SECRETS_KEY";

    private static final int LEAST_KEY_LENGTH = 32;
    private static final byte FORMAT = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The box of the operator's keys, which stand between commas; empty when there are none. */
    public static Optional<SecretBox> read(Settings settings) {
        var keys = settings.secrets(SETTING, LEAST_KEY_LENGTH);
        return keys.isEmpty()
                ? Optional.empty()
                : Optional.of(new SecretBox(keys.stream().map(SecretBox::key).toList()));
    }

    private static SecretKey key(String text) {
        var derivation = HKDFParameterSpec.ofExtract()
                .addIKM(text.getBytes(UTF_8))
                .thenExpand("photon secrets 1".getBytes(UTF_8), 32);
        try {
            return KDF.getInstance("HKDF-SHA256").deriveKey("AES", derivation);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform of our version has HKDF", e);
        }
    }

    public byte[] seal(String name, String value) {
        var nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            var sealed =
                    cipher(Cipher.ENCRYPT_MODE, keys.getFirst(), nonce, name).doFinal(value.getBytes(UTF_8));
            return ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
                    .put(FORMAT)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /** The value; empty when none of the keys sealed it, or not under this name. */
    public Optional<String> open(String name, byte[] sealed) {
        if (sealed.length <= 1 + NONCE_BYTES || sealed[0] != FORMAT) {
            return Optional.empty();
        }
        var nonce = Arrays.copyOfRange(sealed, 1, 1 + NONCE_BYTES);
        for (var key : keys) {
            try {
                var value = cipher(Cipher.DECRYPT_MODE, key, nonce, name)
                        .doFinal(sealed, 1 + NONCE_BYTES, sealed.length - 1 - NONCE_BYTES);
                return Optional.of(new String(value, UTF_8));
            } catch (GeneralSecurityException e) {
                // Another key's, perhaps.
            }
        }
        return Optional.empty();
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String name) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name.getBytes(UTF_8));
        return cipher;
    }

    @Override
    public String toString() {
        return "SecretBox of " + keys.size() + " keys";
    }
}
