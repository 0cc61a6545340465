package dev.photon.k8s;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import dev.photon.cli.Role;
import io.strimzi.api.kafka.model.kafka.Kafka;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.utility.DockerImageName;

/**
 * A region of containers on a network of its own. Brokers have the settings of the manifests; roles have their arguments,
 * environment, user, memory and probes, and as little right to write. It lacks what Kubernetes itself adds, and Kafka is
 * spoken to in the clear.
 */
final class Topology implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int BROKERS = 3;

    private final Network network = Network.newNetwork();
    private final Map<String, GenericContainer<?>> containers = new HashMap<>();
    private final Manifests manifests;
    private final String image;
    private final Path keys;

    /**
     * @param keys a folder with the files of the Secret {@code photon-keys}
     */
    Topology(String image, Path keys) throws IOException {
        this.manifests = Manifests.written();
        this.image = image;
        this.keys = keys;
    }

    void start(int registries, int executors, int ingresses) {
        var brokers = new ArrayList<GenericContainer<?>>();
        for (int id = 1; id <= BROKERS; id++) {
            brokers.add(put("kafka-" + id, broker(id)));
        }
        Startables.deepStart(brokers).join();
        var roles = new ArrayList<GenericContainer<?>>();
        for (var count : Map.of(Role.REGISTRY, registries, Role.EXECUTOR, executors, Role.INGRESS, ingresses)
                .entrySet()) {
            for (int id = 1; id <= count.getValue(); id++) {
                var name = count.getKey().name().toLowerCase(Locale.ROOT) + "-" + id;
                roles.add(put(name, role(count.getKey())));
            }
        }
        Startables.deepStart(roles).join();
    }

    private GenericContainer<?> put(String name, GenericContainer<?> container) {
        container.withNetwork(network).withNetworkAliases(name);
        containers.put(name, container);
        return container;
    }

    private GenericContainer<?> broker(int id) {
        var settings =
                new HashMap<>(manifests.only(Kafka.class).getSpec().getKafka().getConfig());
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", id);
        settings.put("controller.quorum.voters", each("%1$d@kafka-%1$d:9094"));
        settings.put("listeners", "PLAINTEXT://:9092,CONTROLLER://:9094");
        settings.put("advertised.listeners", "PLAINTEXT://kafka-" + id + ":9092");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("log.dirs", "/tmp/kafka");
        var kafka = Optional.ofNullable(System.getenv("TEST_KAFKA_IMAGE")).orElse("photon/kafka:4.3.1");
        var container = new GenericContainer<>(DockerImageName.parse(kafka));
        settings.forEach((name, value) ->
                container.withEnv("KAFKA_" + name.toUpperCase(Locale.ROOT).replace('.', '_'), value.toString()));
        return container
                .withEnv("CLUSTER_ID", "5L6g3nShT-eMCtK--X86sw")
                .waitingFor(Wait.forLogMessage(".*Kafka Server started.*\\n", 1).withStartupTimeout(PATIENCE));
    }

    private static String each(String format) {
        return IntStream.rangeClosed(1, BROKERS).mapToObj(format::formatted).collect(Collectors.joining(","));
    }

    private GenericContainer<?> role(Role role) {
        var workload = Workload.all(manifests).stream()
                .filter(candidate -> candidate.role() == role)
                .findAny()
                .orElseThrow();
        var environment = new HashMap<>(workload.environment());
        environment.keySet().removeIf(name -> name.startsWith("PHOTON_KAFKA_"));
        environment.put("PHOTON_BOOTSTRAP", each("kafka-%d:9092"));
        var ports = workload.container().getPorts().stream()
                .map(port -> port.getContainerPort())
                .toArray(Integer[]::new);
        return new GenericContainer<>(DockerImageName.parse(image))
                .withCommand(workload.container().getArgs().toArray(String[]::new))
                .withEnv(environment)
                .withExposedPorts(ports)
                .withCreateContainerCmdModifier(command -> restrict(command, workload))
                .waitingFor(Wait.forHttp(workload.container()
                                .getReadinessProbe()
                                .getHttpGet()
                                .getPath())
                        .forPort(workload.port("metrics"))
                        .withStartupTimeout(PATIENCE));
    }

    private void restrict(CreateContainerCmd command, Workload workload) {
        var security = workload.pod().getSecurityContext();
        var memory = workload.container().getResources().getLimits().get("memory");
        var empty = new HashMap<String, String>();
        workload.emptyFolders().forEach(folder -> empty.put(folder, "rw,exec,mode=1777"));
        Objects.requireNonNull(command.getHostConfig())
                .withReadonlyRootfs(true)
                .withTmpFs(empty)
                .withBinds(Bind.parse(keys + ":/keys:ro"))
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withMemory(memory.getNumericalAmount().longValueExact());
        command.withUser(security.getRunAsUser() + ":" + security.getRunAsGroup());
    }

    /** Where a role is reached on this machine. */
    URI address(String name, int port) {
        var container = containers.get(name);
        return URI.create("http://%s:%d".formatted(container.getHost(), container.getMappedPort(port)));
    }

    /** As {@code docker kill} does. */
    void kill(String name) {
        var container = containers.get(name);
        container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void close() {
        containers.values().parallelStream().forEach(GenericContainer::stop);
        network.close();
    }
}
