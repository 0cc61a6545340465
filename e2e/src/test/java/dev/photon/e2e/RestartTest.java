package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.cli.TemporaryFolder;
import dev.photon.cli.broker.EmbeddedKafka;
import org.junit.jupiter.api.Test;

class RestartTest {

    @Test
    void keepsFunctionsOverARestartOfEverything() throws Exception {
        try (var folder = new TemporaryFolder()) {
            try (var broker = EmbeddedKafka.start(folder.path(), 0, BrokerProcess::mayComeBackSoon);
                    var photon = PhotonTester.start(broker.bootstrap())) {
                assertThat(photon.deploy(guest("echo"), toml("kept", "1.0.0")).statusCode())
                        .isEqualTo(200);
                photon.put("/api/faas/v1/function/kept/alias/live", "[{\"version\":\"1.0.0\",\"weight\":1}]");
                photon.deploy(guest("echo"), toml("gone", "1.0.0"));
                photon.delete("/api/faas/v1/function/gone");
            }
            try (var broker = EmbeddedKafka.start(folder.path(), 0, BrokerProcess::mayComeBackSoon);
                    var photon = PhotonTester.start(broker.bootstrap())) {
                assertThat(photon.post("/fn/kept", "hi").body()).isEqualTo("hi");
                assertThat(photon.post("/api/faas/v1/execute/kept/live", "hi").body())
                        .isEqualTo("hi");
                assertThat(photon.post("/fn/gone", "hi").statusCode()).isEqualTo(404);
                assertThat(photon.deploy(guest("echo"), toml("kept", "1.0.0")).body())
                        .contains("unchanged");
            }
        }
    }
}
