package dev.photon.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.cli.Role;
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
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How what is on a cluster finds each other, and what may reach what. */
abstract class ReferenceRules extends ProcessRules {
    @Test
    void selectorsFindWhatTheyAreFor() {
        for (var workload : workloads()) {
            assertThat(matches(workload.deployment().getSpec().getSelector(), workload))
                    .isTrue();
            assertThat(workload.pod().getTopologySpreadConstraints())
                    .isNotEmpty()
                    .allMatch(spread -> matches(spread.getLabelSelector(), workload));
            assertThat(read().of(PodDisruptionBudget.class).stream()
                            .filter(budget -> matches(budget.getSpec().getSelector(), workload)))
                    .as(workload.name())
                    .hasSize(1);
            assertThat(read().of(PodMonitor.class))
                    .allMatch(monitor -> matches(monitor.getSpec().getSelector(), workload));
        }
        for (var service : read().of(Service.class)) {
            var selector = new LabelSelector(null, service.getSpec().getSelector());
            assertThat(workloads().stream().filter(workload -> matches(selector, workload)))
                    .as(service.getMetadata().getName())
                    .hasSize(1)
                    .allSatisfy(workload -> service.getSpec()
                            .getPorts()
                            .forEach(port -> workload.port(port.getTargetPort().getStrVal())));
        }
        var names = workloads().stream().map(Workload::name).toList();
        assertThat(read().of(ScaledObject.class))
                .allSatisfy(scaled -> assertThat(names)
                        .contains(scaled.spec().scaleTargetRef().name()));
        assertThat(read().of(HorizontalPodAutoscaler.class))
                .allSatisfy(scaled -> assertThat(names)
                        .contains(scaled.getSpec().getScaleTargetRef().getName()));
    }

    static boolean matches(LabelSelector selector, Workload workload) {
        var labels = workload.deployment().getSpec().getTemplate().getMetadata().getLabels();
        return !selector.getMatchLabels().isEmpty()
                && labels.entrySet().containsAll(selector.getMatchLabels().entrySet());
    }

    /** Strimzi makes a Secret for each user and for the authority; the others are told to the operator by README.md. */
    @Test
    void whatPodsReferToIsThereOrIsTheOperators() throws Exception {
        var readme = Files.readString(Manifests.FOLDER.resolve("README.md"));
        var kafka = read().only(Kafka.class).getMetadata().getName();
        var made = Stream.concat(
                        read().of(KafkaUser.class).stream()
                                .map(user -> user.getMetadata().getName()),
                        Stream.of(kafka + "-cluster-ca-cert"))
                .toList();
        for (var workload : workloads()) {
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
            assertThat(read().of(ServiceAccount.class))
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
        var ports = read().of(Service.class);
        for (var scaled : read().of(ScaledObject.class)) {
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
                            only(Role.EXECUTOR).configs(root()).region().plan().partitions());
        }
    }

    @Test
    void nothingIsReachedButWhatARuleOpens() {
        var opened = read().of(NetworkPolicy.class).stream()
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
        for (var workload : workloads()) {
            assertThat(read().of(NetworkPolicy.class))
                    .as("a policy for %s that opens nothing", workload.name())
                    .anyMatch(policy -> matches(policy.getSpec().getPodSelector(), workload)
                            && policy.getSpec().getPolicyTypes().equals(List.of("Ingress", "Egress"))
                            && policy.getSpec().getIngress().isEmpty()
                            && policy.getSpec().getEgress().isEmpty());
        }
    }
}
