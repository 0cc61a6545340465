package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A certificate that signs itself, made anew by the JDK's own tool.
 *
 * @param certificate PEM
 * @param key PEM
 */
record TestingCertificate(String certificate, String key) {
    private static final String PASSWORD = "changeit";

    static TestingCertificate make(Path folder, String algorithm)
            throws IOException, InterruptedException, GeneralSecurityException {
        var store = Files.createTempDirectory(folder, "keys").resolve("keys.p12");
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=testing",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString());
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new AssertionError("keytool failed");
        }
        var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        return new TestingCertificate(
                pem("CERTIFICATE", keys.getCertificate("own").getEncoded()),
                pem("PRIVATE KEY", keys.getKey("own", PASSWORD.toCharArray()).getEncoded()));
    }

    private static String pem(String what, byte[] content) {
        var encoded = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(content);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, encoded, what);
    }

    /** As what a client trusts, and as its own. */
    KafkaTls.Files writeTo(Path folder) throws IOException {
        return new KafkaTls.Files(
                Optional.of(Files.writeString(folder.resolve("ca.crt"), certificate)),
                Optional.of(Files.writeString(folder.resolve("user.crt"), certificate)),
                Optional.of(Files.writeString(folder.resolve("user.key"), key)));
    }
}
