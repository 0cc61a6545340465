package dev.photon.protocol;

import static org.apache.kafka.common.security.auth.SecurityProtocol.PLAINTEXT;
import static org.apache.kafka.common.security.auth.SecurityProtocol.SASL_PLAINTEXT;
import static org.apache.kafka.common.security.auth.SecurityProtocol.SASL_SSL;
import static org.apache.kafka.common.security.auth.SecurityProtocol.SSL;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.security.scram.ScramLoginModule;

/**
 * How clients and brokers know each other, and who else can read what they say.
 *
 * @param tls there if the protocol has it
 * @param login there if the protocol has it
 */
public record KafkaSecurity(SecurityProtocol protocol, Optional<KafkaTls> tls, Optional<KafkaLogin> login) {
    private static final String PROTOCOL = "PHOTON_KAFKA_PROTOCOL";
    private static final String AUTHORITIES = "PHOTON_KAFKA_CA";
    private static final String CERTIFICATE = "PHOTON_KAFKA_CERT";
    private static final String KEY = "PHOTON_KAFKA_KEY";
    private static final String USER = "PHOTON_KAFKA_USER";
    private static final String PASSWORD_FILE = "PHOTON_KAFKA_PASSWORD_FILE";

    public static final Set<String> KEYS = Set.of(PROTOCOL, AUTHORITIES, CERTIFICATE, KEY, USER, PASSWORD_FILE);

    /** Everybody may read along, and nobody says who they are. */
    static final KafkaSecurity NONE = new KafkaSecurity(PLAINTEXT, Optional.empty(), Optional.empty());

    /** Reads the files that are named, too, so that what is wrong with them is known at the start. */
    static KafkaSecurity read(Settings settings) {
        return read(settings, "");
    }

    /**
     * The same, by other keys.
     *
     * @param suffix at the end of each key
     */
    static KafkaSecurity read(Settings settings, String suffix) {
        return new Reader(settings, suffix).read();
    }

    private record Reader(Settings settings, String suffix) {
        KafkaSecurity read() {
            var protocol = settings.oneOf(PROTOCOL + suffix, PLAINTEXT, SecurityProtocol.values());
            var encrypted = protocol == SSL || protocol == SASL_SSL;
            var named = protocol == SASL_PLAINTEXT || protocol == SASL_SSL;
            if (!encrypted) {
                refuse(protocol, List.of(AUTHORITIES, CERTIFICATE, KEY));
            }
            if (!named) {
                refuse(protocol, List.of(USER, PASSWORD_FILE));
            }
            settings.bothOrNone(CERTIFICATE + suffix, KEY + suffix);
            return new KafkaSecurity(
                    protocol, encrypted ? tls() : Optional.empty(), named ? login() : Optional.empty());
        }

        /** A setting without effect is most often another one's mistake: a password, say, that nobody asks for. */
        private void refuse(SecurityProtocol protocol, List<String> keys) {
            for (var key : keys) {
                if (!settings.text(key + suffix, "").isEmpty()) {
                    settings.refuse("%s means nothing with %s=%s"
                            .formatted(key + suffix, PROTOCOL + suffix, lowerCase(protocol)));
                }
            }
        }

        private Optional<KafkaTls> tls() {
            var files = new KafkaTls.Files(file(AUTHORITIES), file(CERTIFICATE), file(KEY));
            if (files.certificate().isPresent() != files.key().isPresent()) {
                return Optional.empty();
            }
            try {
                return Optional.of(KafkaTls.open(files));
            } catch (UnfitFile e) {
                settings.refuse("TLS with Kafka: " + e.getMessage());
                return Optional.empty();
            }
        }

        private Optional<Path> file(String key) {
            return Optional.of(settings.text(key + suffix, ""))
                    .filter(text -> !text.isEmpty())
                    .map(Path::of);
        }

        private Optional<KafkaLogin> login() {
            var user = settings.text(USER + suffix, "");
            var file = settings.text(PASSWORD_FILE + suffix, "");
            if (user.isEmpty() || file.isEmpty()) {
                settings.refuse(
                        "%s and %s must say who we are for Kafka".formatted(USER + suffix, PASSWORD_FILE + suffix));
                return Optional.empty();
            }
            var login = new KafkaLogin(user, Path.of(file));
            try {
                login.password();
            } catch (UnfitFile e) {
                settings.refuse("%s: %s".formatted(PASSWORD_FILE + suffix, e.getMessage()));
            }
            return Optional.of(login);
        }
    }

    /** What every client is configured with. No password is among them. */
    Map<String, Object> clientSettings() {
        var all = new HashMap<String, Object>();
        all.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol.name);
        tls.ifPresent(files -> {
            all.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, KafkaTlsEngines.class);
            all.put(KafkaTls.SETTING, files);
        });
        login.ifPresent(who -> {
            all.put(SaslConfigs.SASL_MECHANISM, "SCRAM-SHA-512");
            all.put(SaslConfigs.SASL_JAAS_CONFIG, ScramLoginModule.class.getName() + " required;");
            all.put(SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS, KafkaLoginCallbacks.class);
            all.put(KafkaLogin.SETTING, who);
        });
        return all;
    }

    /** As whom brokers know us, for a message. */
    String who() {
        return login.map(known -> "user '" + known.user() + "'")
                .or(() -> tls.flatMap(known -> known.files().certificate()).map(file -> "the certificate in " + file))
                .orElse("a client without a name");
    }

    @Override
    public String toString() {
        return lowerCase(protocol);
    }

    private static String lowerCase(SecurityProtocol protocol) {
        return protocol.name.toLowerCase(Locale.ROOT);
    }
}
