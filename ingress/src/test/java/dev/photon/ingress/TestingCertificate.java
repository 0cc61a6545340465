package dev.photon.ingress;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for this machine, made anew by the JDK's own tool.
 *
 * @param certificate PEM
 * @param key PEM
 */
record TestingCertificate(String certificate, String key, X509Certificate x509) {
    private static final String PASSWORD = "changeit";

    /**
     * @param algorithm RSA, EC or Ed25519
     */
    static TestingCertificate make(Path folder, String algorithm)
            throws IOException, InterruptedException, GeneralSecurityException {
        var file = Files.createTempDirectory(folder, "keys").resolve("keys.p12");
        var tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "own",
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .inheritIO()
                .start();
        if (tool.waitFor() != 0) {
            throw new AssertionError("keytool failed");
        }
        var keys = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        var certificate = (X509Certificate) keys.getCertificate("own");
        var key = keys.getKey("own", PASSWORD.toCharArray());
        return new TestingCertificate(
                pem("CERTIFICATE", certificate.getEncoded()), pem("PRIVATE KEY", key.getEncoded()), certificate);
    }

    private static String pem(String what, byte[] content) {
        var encoded = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(content);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, encoded, what);
    }

    TlsFiles writeTo(Path folder) throws IOException {
        var files = new TlsFiles(folder.resolve("tls.crt"), folder.resolve("tls.key"));
        Files.writeString(files.certificate(), certificate);
        Files.writeString(files.key(), key);
        return files;
    }

    /** One that trusts this certificate alone. */
    SSLContext client() throws IOException, GeneralSecurityException {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("own", x509);
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
