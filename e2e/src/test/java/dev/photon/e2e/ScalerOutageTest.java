package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What KEDA learns while the log is away: never that there is nothing to do. */
class ScalerOutageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path data;

    private ChildProcess broker;
    private PhotonTester photon;
    private KedaClient keda;

    @BeforeEach
    void start() throws Exception {
        broker = BrokerProcess.start(data, 0);
        photon = PhotonTester.start(
                broker.ready().replace("ready ", ""),
                EnumSet.of(Role.REGISTRY, Role.INGRESS),
                Map.of("PHOTON_SCALER_PORT", "0"));
        keda = new KedaClient(photon.scalerPort());
        var event = new ProducerRecord<>(TOPICS.entry("local"), (byte[]) null, "event".getBytes(UTF_8));
        event.headers().add("ce_photonfunction", "echo".getBytes(UTF_8));
        photon.send(event);
    }

    @AfterEach
    void stop() throws Exception {
        keda.close();
        photon.close();
        broker.close();
    }

    @Test
    void holdsReplicasWhileABrokerDoesNotAnswer() throws Exception {
        var before = keda.listen(Map.of());
        await().atMost(PATIENCE).until(() -> before.heard().contains(true));

        broker.freeze();
        await().atMost(PATIENCE).until(() -> !knows());
        var during = keda.listen(Map.of());
        assertNothingIsKnown();
        broker.thaw();

        await().atMost(PATIENCE).until(() -> !during.heard().isEmpty());
        assertThat(during.heard()).containsExactly(true);
        assertThat(before.heard()).endsWith(true);
        assertThat(before.end()).isNotDone();
    }

    /** Whether it says that there is work; the one other answer is that it does not know. */
    private boolean knows() {
        try {
            assertThat(keda.isActive(Map.of("idleSeconds", "0"))).isTrue();
            return true;
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            return false;
        }
    }

    private void assertNothingIsKnown() throws Exception {
        assertUnavailable(() -> keda.isActive(Map.of()));
        assertUnavailable(() -> keda.metric("photon-runs", Map.of()));
        assertThat(photon.get("/metrics").body())
                .contains("photon_scaler_lag{topic=\"" + TOPICS.invocations() + "\"} NaN");
        // Without a spec KEDA would have no autoscaler.
        assertThat(keda.metricSpec(Map.of()).getTargetSize()).isEqualTo(8);
    }

    private static void assertUnavailable(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessage("UNAVAILABLE: Kafka does not say how much waits");
    }
}
