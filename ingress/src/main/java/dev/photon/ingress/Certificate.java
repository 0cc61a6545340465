package dev.photon.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.X509KeyManager;

/**
 * A certificate with its key, known to belong together.
 *
 * @param chain PEM
 * @param key PEM
 * @param expires when clients stop to accept it
 */
record Certificate(Buffer chain, Buffer key, Instant expires) {
    private static final List<String> KEY_TYPES = List.of("RSA", "EC", "EdDSA", "Ed25519");
    private static final byte[] SAMPLE = "photon".getBytes(UTF_8);

    /** What files hold that cannot be served; the message is a sentence for the operator. */
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        Unfit(String message) {
            super(message);
        }
    }

    /** Reads files, which takes a moment. */
    static Certificate read(TlsFiles files, Vertx vertx) throws Unfit {
        var chain = content(files.certificate());
        var key = content(files.key());
        var manager = manager(files, options(chain, key), vertx);
        var alias = KEY_TYPES.stream()
                .flatMap(type -> aliases(manager, type))
                .findFirst()
                .orElseThrow(() -> new Unfit(files.key() + " has a key of a kind that is not served"));
        var own = manager.getCertificateChain(alias)[0];
        if (!isPair(own.getPublicKey(), manager.getPrivateKey(alias))) {
            throw new Unfit(
                    "the key in %s is not that of the certificate in %s".formatted(files.key(), files.certificate()));
        }
        return new Certificate(chain, key, own.getNotAfter().toInstant());
    }

    private static Buffer content(Path file) throws Unfit {
        try {
            return Buffer.buffer(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new Unfit(file + " does not exist");
        } catch (IOException e) {
            throw new Unfit(file + " cannot be read: " + e);
        }
    }

    /** Vert.x reads them later just so. */
    private static X509KeyManager manager(TlsFiles files, PemKeyCertOptions options, Vertx vertx) throws Unfit {
        try {
            return (X509KeyManager) options.getKeyManagerFactory(vertx).getKeyManagers()[0];
        } catch (Exception e) {
            throw new Unfit("%s and %s are not a certificate and a key as PEM: %s"
                    .formatted(files.certificate(), files.key(), e.getMessage()));
        }
    }

    private static Stream<String> aliases(X509KeyManager manager, String type) {
        var aliases = manager.getServerAliases(type, null);
        return aliases == null ? Stream.empty() : Stream.of(aliases);
    }

    private static boolean isPair(PublicKey certified, PrivateKey key) {
        try {
            var algorithm = switch (key.getAlgorithm()) {
                case "RSA" -> "SHA256withRSA";
                case "EC" -> "SHA256withECDSA";
                default -> key.getAlgorithm();
            };
            var signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(SAMPLE);
            var signed = signature.sign();
            signature.initVerify(certified);
            signature.update(SAMPLE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    PemKeyCertOptions options() {
        return options(chain, key);
    }

    private static PemKeyCertOptions options(Buffer chain, Buffer key) {
        return new PemKeyCertOptions().setCertValue(chain).setKeyValue(key);
    }
}
