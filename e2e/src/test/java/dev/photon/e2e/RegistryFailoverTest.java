package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.cli.Role;
import dev.photon.protocol.CommandCodec;
import dev.photon.protocol.CommandResult;
import dev.photon.protocol.Decoded;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two registries: one decides, and a zombie decides nothing. */
class RegistryFailoverTest {
    private static final int DEPLOYMENTS = 5;

    @TempDir
    Path cache;

    @Test
    void theSecondTakesOverFromAFrozenOneWhichDecidesNothingWhenItGoesOn() throws Exception {
        var environment = Map.of("PHOTON_CACHE", cache.toString());
        try (var kafka = TestingKafka.embedded();
                var photon = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.INGRESS), Map.of());
                var first = ChildProcess.faas(environment, "registry", "--bootstrap", kafka.bootstrap())) {
            deploy(photon, "first", 0);
            first.freeze();
            try (var second = ChildProcess.faas(environment, "registry", "--bootstrap", kafka.bootstrap())) {
                deploy(photon, "second", 0);
                first.thaw();
                for (int i = 1; i <= DEPLOYMENTS; i++) {
                    deploy(photon, "second", i);
                }
                assertThat(second.stop()).isTrue();
            }
            deploy(photon, "first", 1);

            var results = photon.read(TOPICS.deploymentResults(), DEPLOYMENTS + 3);
            assertThat(results).hasSize(DEPLOYMENTS + 3);
            assertThat(results.stream()
                            .map(CommandCodec::decodeResult)
                            .map(decoded -> ((Decoded.Valid<CommandResult>) decoded)
                                    .value()
                                    .commandId()))
                    .doesNotHaveDuplicates();
        }
    }

    private static void deploy(PhotonTester photon, String name, int patch) throws Exception {
        assertThat(photon.deploy(guest("echo"), toml(name, "1.0." + patch)).statusCode())
                .isEqualTo(200);
    }
}
