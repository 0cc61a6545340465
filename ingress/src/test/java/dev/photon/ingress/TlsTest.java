package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {
    private TestingCertificate one;
    private TestingCertificate other;
    private TestingCertificate alike;

    @TempDir
    Path folder;

    @BeforeAll
    void make(@TempDir Path keys) throws Exception {
        one = TestingCertificate.make(keys, "RSA");
        other = TestingCertificate.make(keys, "EC");
        alike = TestingCertificate.make(keys, "RSA");
    }

    private static TestingServer serve(TlsFiles files) {
        return TestingServer.start(TestingServer.config(Optional.of(files)));
    }

    private static HttpResponse<String> get(
            TestingServer server, TestingCertificate trusted, HttpClient.Version version) throws Exception {
        try (var client = HttpClient.newBuilder()
                .sslContext(trusted.client())
                .version(version)
                .build()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/host"))
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP_2", "HTTP_1_1"})
    void clientAndServerAgreeOnAVersion(String version) throws Exception {
        try (var server = serve(one.writeTo(folder))) {
            var answer = get(server, one, HttpClient.Version.valueOf(version));

            assertThat(answer.version()).hasToString(version);
            assertThat(answer.body()).isEqualTo("localhost:" + server.port());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void servesKeysOfEitherKind(String kind) throws Exception {
        var certificate = kind.equals("RSA") ? one : other;
        try (var server = serve(certificate.writeTo(folder))) {
            assertThat(get(server, certificate, HttpClient.Version.HTTP_2).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void olderVersionsOfTlsAreRefused() throws Exception {
        try (var server = serve(one.writeTo(folder));
                var socket = (SSLSocket) one.client().getSocketFactory().createSocket("localhost", server.port())) {
            socket.setSSLParameters(
                    new SSLParameters(new String[] {"TLS_AES_128_GCM_SHA256"}, new String[] {"TLSv1.1"}));

            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void aRefusedBodyOverHttp2IsAnsweredToJavasClient() throws Exception {
        try (var server = serve(one.writeTo(folder));
                var client = HttpClient.newBuilder().sslContext(one.client()).build()) {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/refused"))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[10_000_000]))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.statusCode()).isEqualTo(413);
        }
    }

    @Test
    void filesThatChangeAreServedToNewConnections() throws Exception {
        var files = one.writeTo(folder);
        try (var server = serve(files)) {
            var tls = Tls.open(files, server.vertx());
            get(server, one, HttpClient.Version.HTTP_2);
            other.writeTo(folder);

            tls.look(server.listener());

            Awaitility.await().until(() -> tls.certificate().expires().equals(expiry(other)));
            assertThat(get(server, other, HttpClient.Version.HTTP_2).version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThatThrownBy(() -> get(server, one, HttpClient.Version.HTTP_2))
                    .isInstanceOf(IOException.class);
        }
    }

    /** Kubernetes changes a secret by one renaming of a link to the folder that has all of it. */
    @Test
    void aLinkThatChangesIsFollowed() throws Exception {
        var before = Files.createDirectory(folder.resolve("before"));
        var after = Files.createDirectory(folder.resolve("after"));
        one.writeTo(before);
        other.writeTo(after);
        var link = Files.createSymbolicLink(folder.resolve("data"), before);
        var files = new TlsFiles(link.resolve("tls.crt"), link.resolve("tls.key"));
        try (var server = serve(files)) {
            var tls = Tls.open(files, server.vertx());
            var next = Files.createSymbolicLink(folder.resolve("next"), after);
            Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);

            tls.look(server.listener());

            Awaitility.await().until(() -> tls.certificate().expires().equals(expiry(other)));
            assertThat(get(server, other, HttpClient.Version.HTTP_2).statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"half", "otherKind", "nothing", "gone"})
    void badFilesKeepWhatWasServed(String change) throws Exception {
        var files = one.writeTo(folder);
        try (var server = serve(files)) {
            var tls = Tls.open(files, server.vertx());
            switch (change) {
                case "half" -> Files.writeString(files.certificate(), alike.certificate());
                case "otherKind" -> Files.writeString(files.certificate(), other.certificate());
                case "nothing" -> Files.writeString(files.key(), "");
                default -> Files.delete(files.certificate());
            }
            tls.look(server.listener());
            Awaitility.await().until(() -> !tls.complaint().isEmpty());

            assertThat(get(server, one, HttpClient.Version.HTTP_2).statusCode()).isEqualTo(200);

            other.writeTo(folder);
            Awaitility.await().until(() -> {
                tls.look(server.listener());
                return tls.certificate().expires().equals(expiry(other));
            });
        }
    }

    private static java.time.Instant expiry(TestingCertificate certificate) {
        return certificate.x509().getNotAfter().toInstant();
    }

    @Test
    void badFilesAtTheStartAreAnErrorWithItsReason() throws Exception {
        var files = one.writeTo(folder);
        Files.writeString(files.key(), alike.key());
        var vertx = Vertx.vertx();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tls.open(files, vertx))
                .withMessageContaining("is not that of the certificate");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tls.open(new TlsFiles(folder.resolve("none"), files.key()), vertx))
                .withMessageContaining("none does not exist");
        Files.writeString(files.key(), "hello");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tls.open(files, vertx))
                .withMessageContaining("are not a certificate and a key as PEM");
        TestingServer.join(vertx.close());
    }
}
