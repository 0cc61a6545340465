package dev.photon.protocol;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS 1.2 and 1.3 with Kafka, by what PEM files hold now. They are looked at for each new connection and compared by
 * content; what is unfit is told once, and what they held before stays in use. One for all clients of a region.
 * Thread-safe.
 */
public final class KafkaTls {
    /** Under this key a client's settings have an object of this class. */
    static final String SETTING = "photon.tls";

    private static final Logger LOG = LoggerFactory.getLogger(KafkaTls.class);
    private static final String PEM = DefaultSslEngineFactory.PEM_TYPE;

    private final Files files;
    private Map<String, Object> used;
    private SslEngineFactory engines;
    private String complaint = "";

    /**
     * Where they are.
     *
     * @param authorities the certificates of those who sign brokers' certificates; without it, those that Java trusts
     * @param certificate our own, and those that lead to one that brokers trust
     * @param key of our certificate: PKCS #8, not encrypted; there if the certificate is
     */
    public record Files(Optional<Path> authorities, Optional<Path> certificate, Optional<Path> key) {}

    private KafkaTls(Files files, Map<String, Object> used) throws UnfitFile {
        this.files = files;
        this.used = used;
        this.engines = engines(files, used);
    }

    /** Reads the files a first time. */
    static KafkaTls open(Files files) throws UnfitFile {
        return new KafkaTls(files, content(files));
    }

    Files files() {
        return files;
    }

    /** What makes the engine of a new connection. */
    synchronized SslEngineFactory current() {
        try {
            var found = content(files);
            if (!found.equals(used)) {
                engines = engines(files, found);
                used = found;
                LOG.atInfo().addKeyValue("files", files).log("new certificates for Kafka");
            }
            complaint = "";
        } catch (UnfitFile e) {
            complain(e.getMessage());
        }
        return engines;
    }

    private void complain(String reason) {
        if (!reason.equals(complaint)) {
            complaint = reason;
            LOG.atError()
                    .addKeyValue("reason", reason)
                    .log("new certificates for Kafka are not used, the old ones stay");
        }
    }

    /** As Kafka's own settings, which hide their values and can be compared. */
    private static Map<String, Object> content(Files files) throws UnfitFile {
        var content = new HashMap<String, Object>();
        if (files.authorities().isPresent()) {
            content.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, PEM);
            content.put(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, password(files.authorities()));
        }
        if (files.certificate().isPresent()) {
            content.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, PEM);
            content.put(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, password(files.certificate()));
            content.put(SslConfigs.SSL_KEYSTORE_KEY_CONFIG, password(files.key()));
        }
        return content;
    }

    private static Password password(Optional<Path> file) throws UnfitFile {
        return new Password(OperatorFile.read(file.orElseThrow()));
    }

    private static SslEngineFactory engines(Files files, Map<String, Object> content) throws UnfitFile {
        if (files.certificate().isEmpty()) {
            return trusting(files, content);
        }
        var trust = new HashMap<>(content);
        trust.keySet().removeIf(key -> key.startsWith("ssl.keystore."));
        trusting(files, trust);
        var pair = files.certificate().get() + " and " + files.key().orElseThrow();
        var engines = configured(content, pair + " are not a certificate and its PKCS #8 key as PEM");
        if (!holdsPair(engines.keystore())) {
            throw new UnfitFile(pair + " do not belong together: the key is that of another certificate");
        }
        return engines;
    }

    private static SslEngineFactory trusting(Files files, Map<String, Object> content) throws UnfitFile {
        var place = files.authorities().map(Path::toString).orElse("the trust store of Java");
        return configured(content, place + " does not hold certificates as PEM");
    }

    private static SslEngineFactory configured(Map<String, Object> content, String otherwise) throws UnfitFile {
        var engines = new DefaultSslEngineFactory();
        try {
            engines.configure(new ConfigDef().withClientSslSupport().parse(content));
            return engines;
        } catch (RuntimeException e) {
            throw new UnfitFile(otherwise + ": " + KafkaConnection.innermost(e));
        }
    }

    private static boolean holdsPair(KeyStore store) {
        try {
            var alias = store.aliases().nextElement();
            return store.getKey(alias, null) instanceof PrivateKey key
                    && KeyPairs.match(store.getCertificate(alias).getPublicKey(), key);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return files.toString();
    }
}
