package dev.photon.executor.outbound;

import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A certificate that signs itself, made by the JDK's keytool. */
record TestingCertificate(PfxOptions key, PemTrustOptions trust) {
    private static final String PASSWORD = "testing";

    static TestingCertificate of(String name, Path folder) throws IOException, InterruptedException {
        var store = folder.resolve(name + ".p12").toString();
        var certificate = folder.resolve(name + ".pem").toString();
        keytool(store, "-genkeypair", "-keyalg", "EC", "-dname", "CN=testing", "-ext", "san=dns:" + name);
        keytool(store, "-exportcert", "-rfc", "-file", certificate);
        return new TestingCertificate(
                new PfxOptions().setPath(store).setPassword(PASSWORD), new PemTrustOptions().addCertPath(certificate));
    }

    private static void keytool(String store, String... arguments) throws IOException, InterruptedException {
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var common = List.of("-keystore", store, "-storepass", PASSWORD, "-alias", "testing");
        var command = Stream.of(Stream.of(keytool), Stream.of(arguments), common.stream())
                .flatMap(part -> part)
                .toList();
        var process = new ProcessBuilder(command).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed");
        }
    }
}
