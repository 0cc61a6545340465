package dev.photon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.util.Optional;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaTlsTest {
    private TestingCertificate one;
    private TestingCertificate other;
    private TestingCertificate alike;

    @TempDir
    Path folder;

    @BeforeAll
    void make(@TempDir Path keys) throws Exception {
        one = TestingCertificate.make(keys, "EC");
        other = TestingCertificate.make(keys, "RSA");
        alike = TestingCertificate.make(keys, "EC");
    }

    private static String algorithm(SslEngineFactory engines) throws Exception {
        return certificates(engines.keystore());
    }

    private static String certificates(KeyStore store) throws Exception {
        return store.getCertificate(store.aliases().nextElement())
                .getPublicKey()
                .getAlgorithm();
    }

    @Test
    void newConnectionsUseWhatTheFilesHoldByThen() throws Exception {
        var tls = KafkaTls.open(one.writeTo(folder));
        var before = tls.current();
        assertThat(tls.current()).isSameAs(before);

        other.writeTo(folder);

        var after = tls.current();
        assertThat(algorithm(before)).isEqualTo("EC");
        assertThat(algorithm(after)).isEqualTo("RSA");
        assertThat(certificates(after.truststore())).isEqualTo("RSA");
        assertThat(after.createClientSslEngine("localhost", 1, "https").getEnabledProtocols())
                .containsExactlyInAnyOrder("TLSv1.2", "TLSv1.3");
    }

    /** Kubernetes changes a secret by one renaming of a link to the folder that has all of it. */
    @Test
    void aLinkThatChangesIsFollowed() throws Exception {
        var before = Files.createDirectory(folder.resolve("before"));
        var after = Files.createDirectory(folder.resolve("after"));
        one.writeTo(before);
        other.writeTo(after);
        var link = Files.createSymbolicLink(folder.resolve("data"), before);
        var tls = KafkaTls.open(one.writeTo(link));

        Files.move(Files.createSymbolicLink(folder.resolve("next"), after), link, StandardCopyOption.ATOMIC_MOVE);

        assertThat(algorithm(tls.current())).isEqualTo("RSA");
    }

    @Test
    void whatIsUnfitKeepsWhatWasThereUntilItIsWhole() throws Exception {
        var files = one.writeTo(folder);
        var tls = KafkaTls.open(files);
        var before = tls.current();

        Files.writeString(files.certificate().orElseThrow(), alike.certificate());
        assertThat(tls.current()).isSameAs(before);
        Files.delete(files.key().orElseThrow());
        assertThat(tls.current()).isSameAs(before);
        Files.writeString(files.key().orElseThrow(), alike.key());

        assertThat(tls.current()).isNotSameAs(before);
    }

    @Test
    void unfitFilesAtTheStartAreAnErrorWithItsReason() throws Exception {
        var files = one.writeTo(folder);
        var certificate = files.certificate().orElseThrow();
        var key = files.key().orElseThrow();

        Files.writeString(key, alike.key());
        assertThatThrownBy(() -> KafkaTls.open(files))
                .isInstanceOf(UnfitFile.class)
                .hasMessage(
                        "%s and %s do not belong together: the key is that of another certificate", certificate, key);
        Files.writeString(key, one.key().replace("PRIVATE", "EC PRIVATE"));
        Files.writeString(certificate, "hello");
        assertThatThrownBy(() -> KafkaTls.open(files))
                .hasMessageContaining("%s and %s are not a certificate and its PKCS #8 key", certificate, key)
                .hasMessageContaining("No matching CERTIFICATE entries");
        Files.writeString(certificate, one.certificate());
        Files.writeString(key, "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");
        assertThatThrownBy(() -> KafkaTls.open(files))
                .hasMessageContaining("%s and %s are not a certificate and its PKCS #8 key", certificate, key)
                .message()
                .doesNotContain("c2VjcmV0", "secret");
        Files.writeString(files.authorities().orElseThrow(), one.key());
        assertThatThrownBy(() -> KafkaTls.open(files))
                .hasMessageContaining(
                        "%s does not hold certificates", files.authorities().orElseThrow());
        Files.delete(key);
        assertThatThrownBy(() -> KafkaTls.open(files)).hasMessage(key + " does not exist");
    }

    @Test
    void withoutFilesTheCertificatesThatJavaTrustsCount() throws Exception {
        var tls = KafkaTls.open(new KafkaTls.Files(Optional.empty(), Optional.empty(), Optional.empty()));

        assertThat(tls.current().createClientSslEngine("localhost", 1, "https").getUseClientMode())
                .isTrue();
        assertThat(tls.current().keystore()).isNull();
    }
}
