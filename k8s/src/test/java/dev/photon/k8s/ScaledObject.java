package dev.photon.k8s;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;

/** Of KEDA's {@code keda.sh/v1alpha1} the fields that we use. */
record ScaledObject(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {
    record Spec(
            Target scaleTargetRef,
            int minReplicaCount,
            int maxReplicaCount,
            int pollingInterval,
            int cooldownPeriod,
            List<Trigger> triggers) {}

    record Target(String name) {}

    record Trigger(String type, Map<String, String> metadata) {}
}
