package dev.photon.executor.outbound;

import static dev.photon.executor.outbound.TestingOutbound.summary;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.registry.Manifest;
import io.vertx.core.http.HttpServerOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    @TempDir
    private static Path folder;

    private static TestingCertificate certificate;

    private final TestingOutbound outbound = new TestingOutbound();
    private int port;

    @BeforeAll
    static void certify() throws Exception {
        certificate = TestingCertificate.of("good.example", folder);
    }

    @BeforeEach
    void serve() {
        var secure = new HttpServerOptions().setSsl(true).setSni(true).setKeyCertOptions(certificate.key());
        port = outbound.serve(
                secure, request -> request.response().end(request.connection().indicatedServerName()));
        outbound.with(Connector.options().setTrustOptions(certificate.trust()), "127.0.0.1/32");
        outbound.resolver.answer("good.example", "127.0.0.1").answer("wrong.example", "127.0.0.1");
        var hosts = List.of("good.example:" + port, "wrong.example:" + port, "127.0.0.1:" + port);
        outbound.manifest(new Manifest.Outbound(Set.of("GET"), hosts, false));
    }

    @AfterEach
    void close() {
        outbound.close();
    }

    @Test
    void callsATrustedServerByItsName() throws Exception {
        assertThat(summary(outbound.get("https://good.example:%d/".formatted(port))))
                .isEqualTo("200 good.example");
    }

    @Test
    void refusesACertificateForAnotherName() throws Exception {
        assertThat(outbound.get("https://wrong.example:%d/".formatted(port)))
                .isInstanceOfSatisfying(OutboundResult.Failure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(OutboundResult.Kind.CONNECT_FAILED);
                    assertThat(failure.reason()).contains("wrong.example");
                });
        assertThat(summary(outbound.get("https://127.0.0.1:%d/".formatted(port))))
                .isEqualTo("CONNECT_FAILED");
    }

    @Test
    void refusesACertificateThatNobodyTrusts() throws Exception {
        outbound.with(Connector.options(), "127.0.0.1/32");

        assertThat(outbound.get("https://good.example:%d/".formatted(port)))
                .isInstanceOfSatisfying(OutboundResult.Failure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(OutboundResult.Kind.CONNECT_FAILED);
                    assertThat(failure.reason())
                            .contains("no trusted connection")
                            .doesNotContain("127.0.0.1");
                });
    }

    @Test
    void plainHttpNeedsToBeAllowed() throws Exception {
        assertThat(summary(outbound.get("http://good.example:%d/".formatted(port))))
                .isEqualTo("NOT_ALLOWED");
    }

    @Test
    void aServerWithoutTlsIsNoHttpsServer() throws Exception {
        var plain = outbound.serve(request -> request.response().end());
        outbound.manifest(new Manifest.Outbound(Set.of("GET"), List.of("good.example:" + plain), false));

        assertThat(summary(outbound.get("https://good.example:%d/".formatted(plain))))
                .isEqualTo("CONNECT_FAILED");
    }

    @Test
    void aRedirectFromTlsToPlainHttpNeedsToBeAllowed() throws Exception {
        var plain = outbound.serve(request -> request.response().end());
        var redirecting = outbound.serve(
                new HttpServerOptions().setSsl(true).setKeyCertOptions(certificate.key()),
                request -> request.response()
                        .setStatusCode(302)
                        .putHeader("location", "http://good.example:" + plain)
                        .end());
        var hosts = List.of("good.example:" + redirecting, "good.example:" + plain);
        outbound.manifest(new Manifest.Outbound(Set.of("GET"), hosts, false));

        assertThat(summary(outbound.get("https://good.example:%d/".formatted(redirecting))))
                .isEqualTo("NOT_ALLOWED");
    }
}
