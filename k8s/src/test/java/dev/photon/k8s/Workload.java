package dev.photon.k8s;

import dev.photon.cli.Role;
import dev.photon.cli.RoleConfigs;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A Deployment of one role, and what its process would be told. */
record Workload(Deployment deployment, Map<String, String> environment) {

    static List<Workload> all(Manifests manifests) {
        return manifests.of(Deployment.class).stream()
                .map(deployment -> new Workload(deployment, environment(manifests, deployment)))
                .toList();
    }

    private static Map<String, String> environment(Manifests manifests, Deployment deployment) {
        var container = container(deployment);
        var environment = new HashMap<String, String>();
        for (var source : container.getEnvFrom()) {
            manifests.of(ConfigMap.class).stream()
                    .filter(map -> map.getMetadata()
                            .getName()
                            .equals(source.getConfigMapRef().getName()))
                    .forEach(map -> environment.putAll(map.getData()));
        }
        container.getEnv().forEach(variable -> environment.put(variable.getName(), variable.getValue()));
        return environment;
    }

    private static Container container(Deployment deployment) {
        var containers = deployment.getSpec().getTemplate().getSpec().getContainers();
        if (containers.size() != 1) {
            throw new AssertionError(deployment.getMetadata().getName() + " has several containers");
        }
        return containers.getFirst();
    }

    String name() {
        return deployment.getMetadata().getName();
    }

    /** By the one argument of its command. */
    Role role() {
        if (container().getArgs().size() != 1) {
            throw new AssertionError(
                    name() + " has the arguments " + container().getArgs());
        }
        return Role.valueOf(container().getArgs().getFirst().toUpperCase(Locale.ROOT));
    }

    Container container() {
        return container(deployment);
    }

    PodSpec pod() {
        return deployment.getSpec().getTemplate().getSpec();
    }

    int port(String name) {
        return container().getPorts().stream()
                .filter(port -> port.getName().equals(name))
                .findAny()
                .orElseThrow(() -> new AssertionError(name() + " has no port " + name))
                .getContainerPort();
    }

    /**
     * As the process would read it.
     *
     * @param root where the container's files are
     * @throws IllegalArgumentException that names every setting that is wrong
     */
    RoleConfigs configs(Path root) {
        var moved = new HashMap<>(environment);
        moved.replaceAll((name, value) -> value.startsWith("/") && name.startsWith("PHOTON_") ? root + value : value);
        return RoleConfigs.read(moved, Map.of());
    }

    /** Where the container may write. */
    List<String> emptyFolders() {
        return pod().getVolumes().stream()
                .filter(volume -> volume.getEmptyDir() != null)
                .map(volume -> mountPath(volume.getName()))
                .toList();
    }

    /** Puts what Secrets would have where the container would find it. */
    void mountSecrets(Path root, String certificate) {
        for (var volume : pod().getVolumes()) {
            if (volume.getSecret() != null) {
                for (var item : volume.getSecret().getItems()) {
                    write(
                            root.resolve(mountPath(volume.getName()).substring(1))
                                    .resolve(item.getPath()),
                            item.getKey().endsWith(".crt") ? certificate : "0123456789abcdef".repeat(3));
                }
            }
        }
    }

    private String mountPath(String volume) {
        return container().getVolumeMounts().stream()
                .filter(mount -> mount.getName().equals(volume))
                .findAny()
                .orElseThrow(() -> new AssertionError(name() + " does not mount " + volume))
                .getMountPath();
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
