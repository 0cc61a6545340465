package dev.photon.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What must be true of the processes that are started on a cluster, whatever an overlay changes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RegionRules {
    /** What stops after the ingress or executor itself: Kafka clients, mostly. */
    private static final int CLOSING_SECONDS = 10;

    private static final String ANYWHERE = "0.0.0.0";

    private Manifests manifests;
    private List<Workload> workloads;
    private Path root;

    abstract Manifests manifests() throws Exception;

    @BeforeAll
    void read(@TempDir Path folder) throws Exception {
        manifests = manifests();
        workloads = Workload.all(manifests);
        root = folder;
        var certificate = certificate(folder);
        workloads.forEach(workload -> workload.mountSecrets(folder, certificate));
    }

    private static String certificate(Path folder) throws Exception {
        var store = folder.resolve("store").toString();
        var keytool = System.getProperty("java.home") + "/bin/keytool";
        run(List.of(
                keytool,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "ca",
                "-dname",
                "CN=ca",
                "-ext",
                "bc:c",
                "-keystore",
                store,
                "-storepass",
                "changeit"));
        return run(
                List.of(keytool, "-exportcert", "-rfc", "-alias", "ca", "-keystore", store, "-storepass", "changeit"));
    }

    private static String run(List<String> command) throws Exception {
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).isZero();
        return output;
    }

    // Processes

    @Test
    void everyRoleIsThere() {
        assertThat(workloads.stream().map(Workload::role)).containsExactlyInAnyOrder(Role.values());
    }

    @Test
    void everySettingIsOneThatItsRoleReadsAndTakes() {
        for (var workload : workloads) {
            workload.configs(root);

            var settings = new TreeSet<>(workload.environment().keySet());
            settings.removeIf(name -> !name.startsWith("PHOTON_"));
            assertThat(settings).as(workload.name()).isNotEmpty().isSubsetOf(settingsOf(workload.role()));
        }
    }

    private static Set<String> settingsOf(Role role) {
        var own = switch (role) {
            case REGISTRY -> List.of(RegistryConfig.KEYS);
            case EXECUTOR -> List.of(ExecutorConfig.KEYS);
            case INGRESS -> List.of(IngressConfig.KEYS, HttpConfig.KEYS, ScalerConfig.KEYS);
        };
        var all = new HashSet<>(RegionConfig.KEYS);
        all.addAll(MonitorConfig.KEYS);
        own.forEach(all::addAll);
        return all;
    }

    /** Kubernetes would set PHOTON_INGRESS_PORT in every pod, because there is a Service photon-ingress. */
    @Test
    void kubernetesAddsNoSettingsOfItsOwn() {
        for (var workload : workloads) {
            assertThat(workload.pod().getEnableServiceLinks())
                    .as(workload.name())
                    .isFalse();
        }
    }

    @Test
    void secretsComeAsFiles() {
        for (var workload : workloads) {
            var secret = settingsOf(workload.role()).stream()
                    .filter(name -> settingsOf(workload.role()).contains(Settings.fileOf(name)));
            assertThat(workload.environment()).as(workload.name()).doesNotContainKeys(secret.toArray(String[]::new));
            assertThat(workload.container().getEnv())
                    .allSatisfy(variable -> assertThat(variable.getValueFrom()).isNull());
            assertThat(workload.container().getEnvFrom())
                    .allSatisfy(source -> assertThat(source.getSecretRef()).isNull());
        }
        assertThat(only(Role.INGRESS).configs(root).ingress().operatorKey())
                .as("without a key an ingress serves loopback alone")
                .isPresent();
        assertThat(only(Role.EXECUTOR).configs(root).executor().secrets()).isPresent();
    }

    @Test
    void portsAreThoseThatTheProcessListensOn() {
        for (var workload : workloads) {
            var configs = workload.configs(root);
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
            for (var workload : workloads) {
                var container = workload.container();
                var lives = asked(container.getLivenessProbe().getHttpGet());
                assertThat(process.status(lives)).as(workload.name()).isEqualTo(200);
                assertThat(asked(container.getStartupProbe().getHttpGet())).isEqualTo(lives);
                assertThat(process.status(asked(container.getReadinessProbe().getHttpGet())))
                        .isEqualTo(503);
            }
            process.becomesReady();
            for (var workload : workloads) {
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
        return manifests.of(PodMonitor.class).stream()
                .flatMap(monitor -> monitor.getSpec().getPodMetricsEndpoints().stream())
                .map(endpoint -> {
                    assertThat(endpoint.getPort()).isEqualTo("metrics");
                    return endpoint.getPath();
                })
                .toList();
    }

    @Test
    void thereIsTimeForAGoodEnd() {
        for (var workload : workloads) {
            var configs = workload.configs(root);
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
                        case REGISTRY -> 5;
                    };
            assertThat(workload.pod().getTerminationGracePeriodSeconds())
                    .as(workload.name())
                    .isGreaterThanOrEqualTo(seconds);
        }
    }

    @Test
    void processesMayDoNothingButTheirWork() {
        for (var workload : workloads) {
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

    /** The root of the file system cannot be written. */
    @Test
    void whatIsWrittenGoesToVolumesThatAreEmptyAtFirst() {
        for (var workload : workloads) {
            assertThat(workload.emptyFolders())
                    .as(workload.name())
                    .containsExactlyInAnyOrder("/tmp", workload.environment().get("PHOTON_CACHE"));
        }
    }

    // How things find each other

    @Test
    void selectorsFindWhatTheyAreFor() {
        for (var workload : workloads) {
            assertThat(matches(workload.deployment().getSpec().getSelector(), workload))
                    .isTrue();
            assertThat(workload.pod().getTopologySpreadConstraints())
                    .isNotEmpty()
                    .allMatch(spread -> matches(spread.getLabelSelector(), workload));
            assertThat(manifests.of(PodDisruptionBudget.class).stream()
                            .filter(budget -> matches(budget.getSpec().getSelector(), workload)))
                    .as(workload.name())
                    .hasSize(1);
            assertThat(manifests.of(PodMonitor.class))
                    .allMatch(monitor -> matches(monitor.getSpec().getSelector(), workload));
        }
        for (var service : manifests.of(Service.class)) {
            var selector = new LabelSelector(null, service.getSpec().getSelector());
            assertThat(workloads.stream().filter(workload -> matches(selector, workload)))
                    .as(service.getMetadata().getName())
                    .hasSize(1)
                    .allSatisfy(workload -> service.getSpec()
                            .getPorts()
                            .forEach(port -> workload.port(port.getTargetPort().getStrVal())));
        }
        var names = workloads.stream().map(Workload::name).toList();
        assertThat(manifests.of(ScaledObject.class))
                .allSatisfy(scaled -> assertThat(names)
                        .contains(scaled.spec().scaleTargetRef().name()));
        assertThat(manifests.of(HorizontalPodAutoscaler.class))
                .allSatisfy(scaled -> assertThat(names)
                        .contains(scaled.getSpec().getScaleTargetRef().getName()));
    }

    private static boolean matches(LabelSelector selector, Workload workload) {
        var labels = workload.deployment().getSpec().getTemplate().getMetadata().getLabels();
        return !selector.getMatchLabels().isEmpty()
                && labels.entrySet().containsAll(selector.getMatchLabels().entrySet());
    }

    /** Strimzi makes a Secret for each user and for the authority; the others are told to the operator by README.md. */
    @Test
    void whatPodsReferToIsThereOrIsTheOperators() throws Exception {
        var readme = Files.readString(Manifests.FOLDER.resolve("README.md"));
        var kafka = manifests.only(Kafka.class).getMetadata().getName();
        var made = Stream.concat(
                        manifests.of(KafkaUser.class).stream()
                                .map(user -> user.getMetadata().getName()),
                        Stream.of(kafka + "-cluster-ca-cert"))
                .toList();
        for (var workload : workloads) {
            for (var volume : workload.pod().getVolumes()) {
                if (volume.getSecret() != null
                        && !made.contains(volume.getSecret().getSecretName())) {
                    var create = "create secret generic " + volume.getSecret().getSecretName();
                    assertThat(readme).contains(create);
                    volume.getSecret()
                            .getItems()
                            .forEach(item -> assertThat(readme).contains("--from-file=" + item.getKey()));
                }
            }
            assertThat(manifests.of(ServiceAccount.class))
                    .anyMatch(account -> account.getMetadata()
                                    .getName()
                                    .equals(workload.pod().getServiceAccountName())
                            && !account.getAutomountServiceAccountToken());
            assertThat(workload.environment()).as("its ConfigMap").containsKey("PHOTON_BOOTSTRAP");
            assertThat(made).contains(workload.environment().get("PHOTON_KAFKA_USER"));
        }
    }

    @Test
    void kedaAsksWhereTheScalerAnswersAndForNoMoreExecutorsThanPartitions() {
        var ports = manifests.of(Service.class);
        for (var scaled : manifests.of(ScaledObject.class)) {
            var trigger = scaled.spec().triggers().getFirst();
            var address = trigger.metadata().get("scalerAddress").split("[.:]", -1);
            assertThat(ports)
                    .anyMatch(service -> service.getMetadata().getName().equals(address[0])
                            && (service.getMetadata().getNamespace() == null
                                    || service.getMetadata().getNamespace().equals(address[1]))
                            && service.getSpec().getPorts().stream()
                                    .anyMatch(port ->
                                            port.getTargetPort().getStrVal().equals("scaler")
                                                    && port.getPort().toString().equals(address[3])));
            assertThat(trigger.type()).isEqualTo("external-push");
            assertThat(scaled.spec().maxReplicaCount())
                    .isLessThanOrEqualTo(
                            only(Role.EXECUTOR).configs(root).region().plan().partitions());
        }
    }

    // Networks

    @Test
    void nothingIsReachedButWhatARuleOpens() {
        var opened = manifests.of(NetworkPolicy.class).stream()
                .filter(policy -> !policy.getSpec().getIngress().isEmpty())
                .flatMap(policy -> policy.getSpec().getIngress().stream()
                        .flatMap(rule -> rule.getPorts().stream()
                                .map(port -> Map.entry(
                                        port.getPort().getStrVal(),
                                        rule.getFrom().isEmpty()
                                                ? "anybody"
                                                : rule.getFrom()
                                                        .getFirst()
                                                        .getNamespaceSelector()
                                                        .getMatchLabels()
                                                        .toString()))))
                .toList();

        assertThat(opened)
                .containsExactlyInAnyOrder(
                        Map.entry("http", "anybody"),
                        Map.entry("scaler", "{kubernetes.io/metadata.name=keda}"),
                        Map.entry("metrics", "{kubernetes.io/metadata.name=monitoring}"));
        for (var workload : workloads) {
            assertThat(manifests.of(NetworkPolicy.class))
                    .as("a policy for %s that opens nothing", workload.name())
                    .anyMatch(policy -> matches(policy.getSpec().getPodSelector(), workload)
                            && policy.getSpec().getPolicyTypes().equals(List.of("Ingress", "Egress"))
                            && policy.getSpec().getIngress().isEmpty()
                            && policy.getSpec().getEgress().isEmpty());
        }
    }

    Manifests read() {
        return manifests;
    }

    RegionConfig region() {
        return only(Role.REGISTRY).configs(root).region();
    }

    private Workload only(Role role) {
        return workloads.stream()
                .filter(workload -> workload.role() == role)
                .findAny()
                .orElseThrow();
    }
}
