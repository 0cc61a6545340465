package dev.photon.e2e;

import dev.photon.cli.TemporaryFolder;
import dev.photon.cli.broker.EmbeddedKafka;
import dev.photon.protocol.KafkaConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.security.scram.ScramLoginModule;

/**
 * A broker that denies what nobody was allowed: its doors are TLS with a password, TLS with a certificate, and a password
 * alone. Who comes in the clear is its administrator.
 */
final class SecuredKafka implements AutoCloseable {
    private static final ConfigResource BROKER = new ConfigResource(ConfigResource.Type.BROKER, "1");
    private static final List<String> DOORS = List.of("SASL_SSL", "SSL", "SASL_PLAINTEXT");

    private final TemporaryFolder folder = new TemporaryFolder();
    private final List<Integer> ports = new ArrayList<>();
    private final EmbeddedKafka broker;
    private final KafkaConnection administrator;

    /**
     * @param authority signs the broker's certificate, and those it lets in
     */
    SecuredKafka(TestingAuthority authority) throws Exception {
        while (ports.size() < DOORS.size()) {
            try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                ports.add(free.getLocalPort());
            }
        }
        var files = files(authority);
        broker = EmbeddedKafka.start(folder.path(), 0, settings -> secure(settings, files));
        administrator = new KafkaConnection(broker.bootstrap());
    }

    private void secure(Properties settings, Map<String, String> files) {
        for (var door : DOORS) {
            var listener = ",%s://%s".formatted(door, address(door));
            settings.merge("listeners", listener, (all, more) -> all.toString() + more);
            settings.merge("advertised.listeners", listener, (all, more) -> all.toString() + more);
            settings.merge(
                    "listener.security.protocol.map",
                    ",%s:%s".formatted(door, door),
                    (all, more) -> all.toString() + more);
            settings.setProperty(
                    "listener.name.%s.scram-sha-512.sasl.jaas.config".formatted(lower(door)),
                    ScramLoginModule.class.getName() + " required;");
        }
        settings.setProperty("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        settings.setProperty("listener.name.ssl.ssl.client.auth", "required");
        settings.putAll(files);
        settings.setProperty("authorizer.class.name", WatchedAuthorizer.class.getName());
        settings.setProperty("super.users", "User:ANONYMOUS");
    }

    private Map<String, String> files(TestingAuthority authority) throws Exception {
        var bundle =
                authority.bundle(authority.sign("broker-" + ports.getFirst())).toString();
        var trusted = authority.certificate().toString();
        return Map.of(
                "listener.name.sasl_ssl.ssl.keystore.type",
                "PEM",
                "listener.name.sasl_ssl.ssl.keystore.location",
                bundle,
                "listener.name.ssl.ssl.keystore.type",
                "PEM",
                "listener.name.ssl.ssl.keystore.location",
                bundle,
                "listener.name.ssl.ssl.truststore.type",
                "PEM",
                "listener.name.ssl.ssl.truststore.location",
                trusted);
    }

    private static String lower(String door) {
        return door.toLowerCase(Locale.ROOT);
    }

    /** In the clear, for its administrator. */
    String bootstrap() {
        return broker.bootstrap();
    }

    String address(String door) {
        return "127.0.0.1:" + ports.get(DOORS.indexOf(door));
    }

    KafkaConnection administrator() {
        return administrator;
    }

    /** For connections from now on. */
    void follow(TestingAuthority authority) throws Exception {
        var changes = files(authority).entrySet().stream()
                .map(file ->
                        new AlterConfigOp(new ConfigEntry(file.getKey(), file.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        try (var admin = administrator.admin()) {
            admin.incrementalAlterConfigs(Map.of(BROKER, changes)).all().get();
        }
    }

    void password(String user, String password) throws Exception {
        var credential = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
        try (var admin = administrator.admin()) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user, credential, password)))
                    .all()
                    .get();
        }
    }

    void allow(List<AclBinding> rights) throws Exception {
        try (var admin = administrator.admin()) {
            admin.createAcls(rights).all().get();
        }
    }

    @Override
    public void close() throws IOException {
        broker.close();
        folder.close();
    }
}
