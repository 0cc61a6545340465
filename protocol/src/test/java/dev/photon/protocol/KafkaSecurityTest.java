package dev.photon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLHandshakeException;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaSecurityTest {
    private static final String PASSWORD = "correct horse battery staple";

    @TempDir
    Path folder;

    private Map<String, String> settings(String protocol) throws IOException {
        var password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        return new HashMap<>(Map.of(
                "PHOTON_BOOTSTRAP",
                "kafka:9093",
                "PHOTON_KAFKA_PROTOCOL",
                protocol,
                "PHOTON_KAFKA_USER",
                "photon-ingress",
                "PHOTON_KAFKA_PASSWORD_FILE",
                password.toString()));
    }

    private static KafkaConnection connection(Map<String, String> values) {
        var settings = new Settings(values::get);
        var kafka = RegionConfig.read(settings).kafka();
        settings.check();
        return kafka;
    }

    @Test
    void isNoneByDefault() {
        assertThat(connection(Map.of())).isEqualTo(new KafkaConnection("localhost:9092"));
        assertThat(KafkaSecurity.NONE.clientSettings()).isEqualTo(Map.of("security.protocol", "PLAINTEXT"));
    }

    @Test
    void readsEveryKey() throws Exception {
        var files = TestingCertificate.make(folder, "EC").writeTo(folder);
        var values = settings("sasl_ssl");
        values.put("PHOTON_KAFKA_CA", files.authorities().orElseThrow().toString());
        values.put("PHOTON_KAFKA_CERT", files.certificate().orElseThrow().toString());
        values.put("PHOTON_KAFKA_KEY", files.key().orElseThrow().toString());
        values.remove("PHOTON_BOOTSTRAP");
        var asked = new HashSet<String>();
        var settings = new Settings(key -> {
            asked.add(key);
            return values.get(key);
        });

        var security = KafkaSecurity.read(settings);

        assertThatCode(settings::check).doesNotThrowAnyException();
        assertThat(asked).isEqualTo(KafkaSecurity.KEYS).isEqualTo(values.keySet());
        assertThat(security.protocol()).isEqualTo(SecurityProtocol.SASL_SSL);
        assertThat(security.tls().orElseThrow().files()).isEqualTo(files);
        assertThat(security.login()).contains(new KafkaLogin("photon-ingress", folder.resolve("password")));
    }

    @Test
    void clientsOfAllKindsAreMadeWithIt() throws Exception {
        var values = settings("sasl_ssl");
        values.put("PHOTON_BOOTSTRAP", "127.0.0.1:1");
        var kafka = connection(values);

        assertThatCode(() -> {
                    kafka.admin().close();
                    kafka.producer("test", Map.of()).close();
                    kafka.consumer("test", Map.of()).close();
                })
                .doesNotThrowAnyException();
    }

    @Test
    void aPasswordIsReadAtEachAuthentication() throws Exception {
        var security = connection(settings("sasl_plaintext")).security();
        var callbacks = new KafkaLoginCallbacks();
        callbacks.configure(security.clientSettings(), "SCRAM-SHA-512", List.of());
        var name = new NameCallback("name");
        var password = new PasswordCallback("password", false);

        callbacks.handle(new Callback[] {name, password});
        assertThat(name.getName()).isEqualTo("photon-ingress");
        assertThat(password.getPassword()).isEqualTo(PASSWORD.toCharArray());
        Files.writeString(folder.resolve("password"), "another");
        callbacks.handle(new Callback[] {password});

        assertThat(password.getPassword()).isEqualTo("another".toCharArray());
    }

    @Test
    void aPasswordStandsNowhereButInItsFile() throws Exception {
        var settings = new Settings(settings("sasl_plaintext")::get);
        var region = RegionConfig.read(settings);

        assertThat(region.toString()).contains("sasl_plaintext").doesNotContain(PASSWORD);
        assertThat(region.kafka().security().clientSettings().toString())
                .contains("SCRAM-SHA-512")
                .doesNotContain(PASSWORD);
    }

    @ParameterizedTest
    @CsvSource({
        "plaintext, PHOTON_KAFKA_USER means nothing with PHOTON_KAFKA_PROTOCOL=plaintext",
        "ssl, PHOTON_KAFKA_PASSWORD_FILE means nothing with PHOTON_KAFKA_PROTOCOL=ssl",
        "tls, PHOTON_KAFKA_PROTOCOL is 'tls' and must be one of"
    })
    void whatHasNoEffectIsRefused(String protocol, String problem) throws Exception {
        var values = settings(protocol);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> connection(values))
                .withMessageContaining(problem);
    }

    @Test
    void certificatesWithoutTlsAreRefusedAndAKeyWithoutItsCertificate() throws Exception {
        var values = settings("sasl_plaintext");
        values.put("PHOTON_KAFKA_CA", "/ca.crt");
        values.put("PHOTON_KAFKA_KEY", "/user.key");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> connection(values))
                .withMessageContaining("PHOTON_KAFKA_CA means nothing")
                .withMessageContaining("PHOTON_KAFKA_CERT and PHOTON_KAFKA_KEY are set together or not at all");
    }

    @Test
    void whatIsMissingOrUnfitIsSaidWithItsSetting() throws Exception {
        var noUser = settings("sasl_ssl");
        noUser.remove("PHOTON_KAFKA_USER");
        noUser.put("PHOTON_KAFKA_CA", "/no/ca.crt");
        var noPassword = settings("sasl_plaintext");
        Files.delete(folder.resolve("password"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> connection(noUser))
                .withMessageContaining("PHOTON_KAFKA_USER and PHOTON_KAFKA_PASSWORD_FILE must say who we are")
                .withMessageContaining("TLS with Kafka: /no/ca.crt does not exist");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> connection(noPassword))
                .withMessage("PHOTON_KAFKA_PASSWORD_FILE: %s does not exist", folder.resolve("password"));
    }

    @Test
    void aRefusalSaysWhereAndToWhom() throws Exception {
        var kafka = connection(settings("sasl_plaintext"));

        assertThat(kafka.refusal(new SaslAuthenticationException("invalid credentials")))
                .contains("Kafka at kafka:9093 (sasl_plaintext) does not let in user 'photon-ingress':"
                        + " invalid credentials");
        assertThat(kafka.refusal(new SslAuthenticationException("failed", new SSLHandshakeException("no path"))))
                .contains("TLS with Kafka at kafka:9093 (sasl_plaintext) fails: no path");
        assertThat(kafka.refusal(new ExecutionException(
                        new AuthenticationException(new TopicAuthorizationException("not to a topic")))))
                .contains("Kafka at kafka:9093 (sasl_plaintext) denies a right to user 'photon-ingress':"
                        + " not to a topic");
        assertThat(kafka.refusal(new TimeoutException("away"))).isEqualTo(Optional.empty());
    }
}
