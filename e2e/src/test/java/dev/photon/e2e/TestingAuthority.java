package dev.photon.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Signs certificates, by the JDK's own tool. */
final class TestingAuthority {
    private static final String PASSWORD = "changeit";

    private final Path folder;
    private final Path store;

    private TestingAuthority(Path folder) {
        this.folder = folder;
        this.store = folder.resolve("keys.p12");
    }

    /**
     * @param folder for what it makes
     */
    static TestingAuthority open(Path folder) throws Exception {
        var authority = new TestingAuthority(Files.createDirectories(folder));
        authority.keytool("authority", "-dname", "CN=authority", "-ext", "bc:c");
        authority.write("ca.crt", authority.certificates("authority", false));
        return authority;
    }

    /** Its own certificate. */
    Path certificate() {
        return folder.resolve("ca.crt");
    }

    /** A certificate with its key, signed by this authority. */
    record Pair(Path certificate, Path key) {}

    /** For someone of that name on this machine. */
    Pair sign(String name) throws Exception {
        keytool(name, "-dname", "CN=" + name, "-signer", "authority", "-ext", "san=ip:127.0.0.1,dns:localhost");
        var keys = open();
        var key = pem("PRIVATE KEY", keys.getKey(name, PASSWORD.toCharArray()).getEncoded());
        return new Pair(write(name + ".crt", certificates(name, true)), write(name + ".key", key));
    }

    /** A pair in one file, as brokers read it. */
    Path bundle(Pair pair) throws IOException {
        var name = pair.certificate().getFileName().toString().replace(".crt", ".pem");
        return write(name, Files.readString(pair.key()) + Files.readString(pair.certificate()));
    }

    private void keytool(String alias, String... more) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                // So short a life does not pay for much else.
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString()));
        command.addAll(List.of(more));
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new AssertionError("keytool failed");
        }
    }

    private KeyStore open() throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    }

    private String certificates(String alias, boolean chain) throws IOException, GeneralSecurityException {
        var found = open().getCertificateChain(alias);
        var text = new StringBuilder();
        for (var certificate : chain ? List.of(found) : List.of(found[0])) {
            text.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        return text.toString();
    }

    private static String pem(String what, byte[] content) {
        var encoded = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(content);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, encoded, what);
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
