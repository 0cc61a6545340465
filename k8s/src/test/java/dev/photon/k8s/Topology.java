package dev.photon.k8s;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import dev.photon.cli.Role;
import io.strimzi.api.kafka.model.kafka.Kafka;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.containers.wait.strategy.WaitStrategy;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.utility.DockerImageName;

/**
 * A region of containers on a network of its own. Brokers have the settings of the manifests; roles have their arguments,
 * environment, user, memory and probes, and as little right to write. It lacks what Kubernetes itself adds, and Kafka is
 * spoken to in the clear. Each container has its ports on this machine for good, also when it was killed and is started
 * again.
 */
public final class Topology implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int BROKERS = 3;
    static final String BROKER = "kafka";
    /** Where clients on this machine reach a broker. */
    private static final int KAFKA_PORT = 19092;

    private final Network network = Network.newNetwork();
    private final Map<String, GenericContainer<?>> containers = new TreeMap<>();
    /** How often a broker was started again. */
    private final Map<String, Integer> starts = new HashMap<>();
    /** What roles said before they were killed. */
    private final Map<String, String> earlier = new HashMap<>();

    private final FreePorts ports = new FreePorts();
    private final Manifests manifests;
    private final String image;
    private final Path keys;

    /**
     * @param keys a folder with the files of the Secret {@code photon-keys}
     */
    public Topology(String image, Path keys) throws IOException {
        this.manifests = Manifests.written();
        this.image = image;
        this.keys = keys;
    }

    /**
     * Makes a folder's files those of the Secret {@code photon-keys}.
     *
     * @param key that may do everything
     */
    public static Path writeKeys(Path folder, String key) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.resolve("api-key"), key);
        Files.writeString(folder.resolve("secrets-key"), "0123456789abcdef".repeat(3));
        return folder;
    }

    public void start(int registries, int executors, int ingresses) {
        var brokers = new ArrayList<GenericContainer<?>>();
        for (int id = 1; id <= BROKERS; id++) {
            brokers.add(put(BROKER + "-" + id, broker(id)));
        }
        Startables.deepStart(brokers).join();
        var roles = new ArrayList<GenericContainer<?>>();
        for (var count : Map.of(Role.REGISTRY, registries, Role.EXECUTOR, executors, Role.INGRESS, ingresses)
                .entrySet()) {
            for (int id = 1; id <= count.getValue(); id++) {
                roles.add(put(kind(count.getKey()) + "-" + id, role(count.getKey())));
            }
        }
        Startables.deepStart(roles).join();
    }

    private static String kind(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
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
        var outside = ports.next();
        settings.put("listeners", "PLAINTEXT://:9092,OUTSIDE://:%d,CONTROLLER://:9094".formatted(KAFKA_PORT));
        settings.put("advertised.listeners", "PLAINTEXT://kafka-%d:9092,OUTSIDE://localhost:%d".formatted(id, outside));
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,OUTSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("log.dirs", "/tmp/kafka");
        var kafka = Optional.ofNullable(System.getenv("TEST_KAFKA_IMAGE")).orElse("photon/kafka:4.3.1");
        var container = new GenericContainer<>(DockerImageName.parse(kafka));
        settings.forEach((name, value) ->
                container.withEnv("KAFKA_" + name.toUpperCase(Locale.ROOT).replace('.', '_'), value.toString()));
        container.setPortBindings(List.of(outside + ":" + KAFKA_PORT));
        return container
                .withEnv("CLUSTER_ID", "5L6g3nShT-eMCtK--X86sw")
                .withExposedPorts(KAFKA_PORT)
                .waitingFor(started(1));
    }

    private static WaitStrategy started(int times) {
        return Wait.forLogMessage(".*Kafka Server started.*\\n", times).withStartupTimeout(PATIENCE);
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
        var inside = workload.container().getPorts().stream()
                .map(port -> port.getContainerPort())
                .toArray(Integer[]::new);
        var container = new GenericContainer<>(DockerImageName.parse(image));
        container.setPortBindings(
                Stream.of(inside).map(port -> ports.next() + ":" + port).toList());
        var path = workload.container().getReadinessProbe().getHttpGet().getPath();
        return container
                .withCommand(workload.container().getArgs().toArray(String[]::new))
                .withEnv(environment)
                .withExposedPorts(inside)
                .withCreateContainerCmdModifier(command -> restrict(command, workload))
                .waitingFor(Wait.forHttp(path).forPort(workload.port("metrics")).withStartupTimeout(PATIENCE));
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
    public URI address(String name, int port) {
        var container = containers.get(name);
        return URI.create("http://%s:%d".formatted(container.getHost(), container.getMappedPort(port)));
    }

    /** The brokers, as clients on this machine reach them. */
    public String bootstrap() {
        return names(BROKER).stream()
                .map(name -> "localhost:" + containers.get(name).getMappedPort(KAFKA_PORT))
                .collect(Collectors.joining(","));
    }

    /** All containers of a kind: {@code kafka}, {@code executor} and so on; sorted. */
    public List<String> names(String kind) {
        return containers.keySet().stream()
                .filter(name -> name.startsWith(kind + "-"))
                .toList();
    }

    /** As {@code kill -9} does. */
    void kill(String name) {
        signal(name, "KILL");
    }

    /** Stops it where it is: its connections stay open, and nobody answers. */
    void freeze(String name) {
        signal(name, "STOP");
    }

    void thaw(String name) {
        signal(name, "CONT");
    }

    private void signal(String name, String signal) {
        var container = containers.get(name);
        container
                .getDockerClient()
                .killContainerCmd(container.getContainerId())
                .withSignal(signal)
                .exec();
    }

    /**
     * Starts what was killed and waits until it says that it is ready: a broker with the disk that it had, a role anew, as a
     * pod with another address. That a broker has caught up is not said by that.
     */
    void restart(String name) {
        var container = containers.get(name);
        if (isBroker(name)) {
            container
                    .getDockerClient()
                    .startContainerCmd(container.getContainerId())
                    .exec();
            started(starts.merge(name, 1, Integer::sum) + 1).waitUntilReady(container);
        } else {
            earlier.merge(name, container.getLogs(), String::concat);
            container.stop();
            container.start();
        }
    }

    private static boolean isBroker(String name) {
        return name.startsWith(BROKER);
    }

    /** What all containers have said, in a file for each. */
    void writeLogs(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (var container : containers.entrySet()) {
            Files.writeString(
                    folder.resolve(container.getKey() + ".log"),
                    earlier.getOrDefault(container.getKey(), "")
                            + container.getValue().getLogs());
        }
    }

    @Override
    public void close() {
        containers.values().parallelStream().forEach(GenericContainer::stop);
        network.close();
    }
}
