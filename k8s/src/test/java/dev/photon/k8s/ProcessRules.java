package dev.photon.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.cli.MonitorConfig;
import dev.photon.cli.ProbedRole;
import dev.photon.cli.Role;
import dev.photon.executor.ExecutorConfig;
import dev.photon.ingress.HttpConfig;
import dev.photon.ingress.IngressConfig;
import dev.photon.ingress.scaler.ScalerConfig;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Settings;
import dev.photon.registry.RegistryConfig;
import dev.photon.replicator.ReplicatorConfig;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What must be true of the processes that are started on a cluster, whatever an overlay changes. */
abstract class ProcessRules extends Region {
    /** What stops after the ingress or executor itself: Kafka clients, mostly. */
    private static final int CLOSING_SECONDS = 10;

    private static final String ANYWHERE = "0.0.0.0";

    @Test
    void everyRoleIsThere() {
        var roles = EnumSet.allOf(Role.class);
        if (!amongOthers()) {
            roles.remove(Role.REPLICATOR);
        }
        assertThat(workloads().stream().map(Workload::role)).containsExactlyInAnyOrderElementsOf(roles);
    }

    @Test
    void everySettingIsOneThatItsRoleReadsAndTakes() {
        for (var workload : workloads()) {
            workload.configs(root());

            var settings = new TreeSet<>(workload.environment().keySet());
            settings.removeIf(name -> !name.startsWith("PHOTON_"));
            assertThat(settings).as(workload.name()).isNotEmpty().isSubsetOf(settingsOf(workload));
        }
    }

    private static Set<String> settingsOf(Workload workload) {
        var own = switch (workload.role()) {
            case REGISTRY -> List.of(RegistryConfig.KEYS);
            case REPLICATOR -> List.of(ReplicatorConfig.KEYS);
            case EXECUTOR -> List.of(ExecutorConfig.KEYS);
            case INGRESS -> List.of(IngressConfig.KEYS, HttpConfig.KEYS, ScalerConfig.KEYS);
        };
        var all = new HashSet<>(RegionConfig.keys(new Settings(workload.environment()::get)));
        all.addAll(MonitorConfig.KEYS);
        own.forEach(all::addAll);
        return all;
    }

    /** Kubernetes would set PHOTON_INGRESS_PORT in every pod, because there is a Service photon-ingress. */
    @Test
    void kubernetesAddsNoSettingsOfItsOwn() {
        for (var workload : workloads()) {
            assertThat(workload.pod().getEnableServiceLinks())
                    .as(workload.name())
                    .isFalse();
        }
    }

    @Test
    void secretsComeAsFiles() {
        for (var workload : workloads()) {
            var settings = settingsOf(workload);
            var secret = settings.stream().filter(name -> settings.contains(Settings.fileOf(name)));
            assertThat(workload.environment()).as(workload.name()).doesNotContainKeys(secret.toArray(String[]::new));
            assertThat(workload.container().getEnv())
                    .allSatisfy(variable -> assertThat(variable.getValueFrom()).isNull());
            assertThat(workload.container().getEnvFrom())
                    .allSatisfy(source -> assertThat(source.getSecretRef()).isNull());
        }
        assertThat(only(Role.INGRESS).configs(root()).ingress().operatorKey())
                .as("without a key an ingress serves loopback alone")
                .isPresent();
        assertThat(only(Role.EXECUTOR).configs(root()).executor().secrets()).isPresent();
    }

    @Test
    void portsAreThoseThatTheProcessListensOn() {
        for (var workload : workloads()) {
            var configs = workload.configs(root());
            var listening = new ArrayList<>(List.of(configs.monitor().port().orElseThrow()));
            assertThat(configs.monitor().host()).isEqualTo(ANYWHERE);
            assertThat(configs.monitor().port()).hasValue(workload.port("metrics"));
            if (workload.role() == Role.INGRESS) {
                assertThat(configs.ingress().host()).isEqualTo(ANYWHERE);
                assertThat(configs.ingress().port()).isEqualTo(workload.port("http"));
                assertThat(configs.scaler().host()).isEqualTo(ANYWHERE);
                assertThat(configs.scaler().port()).hasValue(workload.port("scaler"));
                listening.add(configs.ingress().port());
                listening.add(configs.scaler().port().orElseThrow());
            }
            assertThat(workload.container().getPorts())
                    .extracting(port -> port.getContainerPort())
                    .containsExactlyInAnyOrderElementsOf(listening)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void probesAskWhatTheProcessAnswers() throws Exception {
        try (var process = new ProbedRole()) {
            for (var workload : workloads()) {
                var container = workload.container();
                var lives = asked(container.getLivenessProbe().getHttpGet());
                assertThat(process.status(lives)).as(workload.name()).isEqualTo(200);
                assertThat(asked(container.getStartupProbe().getHttpGet())).isEqualTo(lives);
                assertThat(process.status(asked(container.getReadinessProbe().getHttpGet())))
                        .isEqualTo(503);
            }
            process.becomesReady();
            for (var workload : workloads()) {
                assertThat(process.status(
                                asked(workload.container().getReadinessProbe().getHttpGet())))
                        .isEqualTo(200);
            }
            for (var endpoint : monitored()) {
                assertThat(process.status(endpoint)).isEqualTo(200);
            }
        }
    }

    private static String asked(HTTPGetAction probe) {
        assertThat(probe.getPort().getStrVal()).isEqualTo("metrics");
        return probe.getPath();
    }

    private List<String> monitored() {
        return read().of(PodMonitor.class).stream()
                .flatMap(monitor -> monitor.getSpec().getPodMetricsEndpoints().stream())
                .map(endpoint -> {
                    assertThat(endpoint.getPort()).isEqualTo("metrics");
                    return endpoint.getPath();
                })
                .toList();
    }

    @Test
    void thereIsTimeForAGoodEnd() {
        for (var workload : workloads()) {
            var configs = workload.configs(root());
            var seconds = CLOSING_SECONDS
                    + switch (workload.role()) {
                        case INGRESS -> {
                            var pause = workload.container()
                                    .getLifecycle()
                                    .getPreStop()
                                    .getSleep()
                                    .getSeconds();
                            yield pause + configs.http().graceMillis() / 1_000;
                        }
                        case EXECUTOR -> configs.executor().drainMillis() / 1_000;
                        case REGISTRY, REPLICATOR -> 5;
                    };
            assertThat(workload.pod().getTerminationGracePeriodSeconds())
                    .as(workload.name())
                    .isGreaterThanOrEqualTo(seconds);
        }
    }

    @Test
    void processesMayDoNothingButTheirWork() {
        for (var workload : workloads()) {
            var pod = workload.pod();
            var security = workload.container().getSecurityContext();
            assertThat(pod.getAutomountServiceAccountToken()).isFalse();
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(security.getReadOnlyRootFilesystem()).isTrue();
            assertThat(security.getAllowPrivilegeEscalation()).isFalse();
            assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
            assertThat(workload.container().getResources().getRequests()).containsKeys("cpu", "memory");
            assertThat(workload.container().getResources().getLimits()).containsKeys("cpu", "memory");
        }
    }

    /** The root() of the file system cannot be written. */
    @Test
    void whatIsWrittenGoesToVolumesThatAreEmptyAtFirst() {
        for (var workload : workloads()) {
            assertThat(workload.emptyFolders())
                    .as(workload.name())
                    .containsExactlyInAnyOrder("/tmp", workload.environment().get("PHOTON_CACHE"));
        }
    }
}
