package dev.photon.ingress;

import dev.photon.protocol.KeyPairs;
import dev.photon.protocol.OperatorFile;
import dev.photon.protocol.UnfitFile;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
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

    /** Reads files, which takes a moment. */
    static Certificate read(TlsFiles files, Vertx vertx) throws UnfitFile {
        var chain = Buffer.buffer(OperatorFile.read(files.certificate()));
        var key = Buffer.buffer(OperatorFile.read(files.key()));
        var manager = manager(files, options(chain, key), vertx);
        var alias = KEY_TYPES.stream()
                .flatMap(type -> aliases(manager, type))
                .findFirst()
                .orElseThrow(() -> new UnfitFile(files.key() + " has a key of a kind that is not served"));
        var own = manager.getCertificateChain(alias)[0];
        if (!KeyPairs.match(own.getPublicKey(), manager.getPrivateKey(alias))) {
            throw new UnfitFile(
                    "the key in %s is not that of the certificate in %s".formatted(files.key(), files.certificate()));
        }
        return new Certificate(chain, key, own.getNotAfter().toInstant());
    }

    /** Vert.x reads them later just so. */
    private static X509KeyManager manager(TlsFiles files, PemKeyCertOptions options, Vertx vertx) throws UnfitFile {
        try {
            return (X509KeyManager) options.getKeyManagerFactory(vertx).getKeyManagers()[0];
        } catch (Exception e) {
            throw new UnfitFile("%s and %s are not a certificate and a key as PEM: %s"
                    .formatted(files.certificate(), files.key(), e.getMessage()));
        }
    }

    private static Stream<String> aliases(X509KeyManager manager, String type) {
        var aliases = manager.getServerAliases(type, null);
        return aliases == null ? Stream.empty() : Stream.of(aliases);
    }

    PemKeyCertOptions options() {
        return options(chain, key);
    }

    private static PemKeyCertOptions options(Buffer chain, Buffer key) {
        return new PemKeyCertOptions().setCertValue(chain).setKeyValue(key);
    }
}
