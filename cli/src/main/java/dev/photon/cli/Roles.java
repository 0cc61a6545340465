package dev.photon.cli;

import dev.photon.executor.Executor;
import dev.photon.ingress.Connections;
import dev.photon.ingress.Ingress;
import dev.photon.ingress.scaler.RunTimes;
import dev.photon.ingress.scaler.Scaler;
import dev.photon.metrics.JvmMeters;
import dev.photon.metrics.KafkaMeters;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Liveness;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.TopicSetup;
import dev.photon.registry.Registry;
import dev.photon.replicator.Replicator;
import dev.photon.replicator.ReplicatorConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.errors.TimeoutException;

/** Roles of a region in this process. Started and closed by one thread. */
public final class Roles implements AutoCloseable {
    private final Stack opened = new Stack();
    private final List<BooleanSupplier> readiness = new CopyOnWriteArrayList<>();
    private Optional<Ingress> ingress = Optional.empty();
    private Optional<Scaler> scaler = Optional.empty();
    private Optional<String> monitorUrl = Optional.empty();
    private volatile boolean started;

    private Roles() {}

    /**
     * Starts roles; they serve when this returns, and when it throws, nothing is left open. Where there are no other
     * regions, a replicator beside other roles has nothing to do.
     *
     * @throws IllegalArgumentException when that is all that this process is to be
     */
    public static Roles start(Set<Role> which, RoleConfigs configs) throws InterruptedException {
        if (which.equals(Set.of(Role.REPLICATOR)) && configs.region().others().isEmpty()) {
            throw new IllegalArgumentException("PHOTON_REGIONS names no other region: there is nothing to copy");
        }
        var roles = new Roles();
        try {
            roles.open(which, configs);
            return roles;
        } catch (InterruptedException e) {
            roles.close();
            throw e;
        } catch (RuntimeException e) {
            roles.close();
            throw explained(configs.region().kafka(), e);
        }
    }

    private static RuntimeException explained(KafkaConnection kafka, RuntimeException failure) {
        var refusal = kafka.refusal(failure);
        if (refusal.isPresent()) {
            return new IllegalStateException(refusal.get(), failure);
        }
        return failure instanceof TimeoutException
                ? new IllegalStateException(
                        "Kafka at %s does not answer when it is spoken to as %s: %s"
                                .formatted(kafka.bootstrap(), kafka.security(), failure.getMessage()),
                        failure)
                : failure;
    }

    private void open(Set<Role> which, RoleConfigs configs) throws InterruptedException {
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var clients = new KafkaMeters(meters);
        var region = configs.region().reportingBy(clients.clientSettings());
        var connections = new Connections(configs.http());
        var vertx = connections.vertx(
                new VertxOptions().setEventLoopPoolSize(configs.ingress().eventLoops()));
        opened.push(() -> join(vertx.close()));
        opened.push(meters::close);
        opened.push(new JvmMeters(meters));
        configs.monitor()
                .port()
                .ifPresent(port -> monitor(vertx, meters, configs.monitor().host(), port));
        try (var admin = region.kafka().admin()) {
            TopicSetup.ensure(admin, region.plan());
        }
        var runTimes = new RunTimes(region.plan().pools());
        var starting = new ArrayList<Future<Void>>();
        if (which.contains(Role.REGISTRY)) {
            var registry = new Registry(region, configs.registry(), Clock.systemUTC());
            opened.push(registry);
            readiness.add(registry::ready);
            RegistryMeters.bind(registry, meters);
        }
        if (which.contains(Role.REPLICATOR) && !region.others().isEmpty()) {
            var replicator = opened.push(replicator(region, configs.replicator()));
            readiness.add(replicator::ready);
            ReplicatorMeters.bind(replicator, meters);
        }
        if (which.contains(Role.EXECUTOR)) {
            var executor = new Executor(vertx, region, configs.executor(), meters);
            opened.push(() -> join(executor.stop()));
            readiness.add(executor::ready);
            starting.add(executor.start());
        }
        if (which.contains(Role.INGRESS)) {
            var made = new Ingress(vertx, connections, region, configs.ingress(), runTimes, meters);
            opened.push(() -> join(made.stop()));
            readiness.add(made::ready);
            starting.add(made.start());
            ingress = Optional.of(made);
        }
        join(Future.all(List.copyOf(starting)));
        // Last, and so the first to end: KEDA listens to another ingress while this one has its last answers.
        var config = configs.scaler();
        scaler = ingress.flatMap(answering -> config.port()
                .map(port -> opened.push(Scaler.open(region, config.host(), port, runTimes, answering, meters))));
        started = true;
    }

    private static Replicator replicator(RegionConfig region, ReplicatorConfig config) {
        try {
            return new Replicator(region, config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Listens before any role does, and tells that none is ready. */
    private void monitor(Vertx vertx, PrometheusMeterRegistry meters, String host, int port) {
        var monitor = new Monitor(vertx, meters, Liveness::stuck, this::ready);
        opened.push(() -> join(monitor.close()));
        monitorUrl = Optional.of("http://" + host + ":" + join(monitor.listen(host, port)));
    }

    /** Whether every role of this process does what it is there for. */
    boolean ready() {
        return started && readiness.stream().allMatch(BooleanSupplier::getAsBoolean);
    }

    /** Below it are the metrics of this process; empty when none were asked for. */
    public Optional<String> monitorUrl() {
        return monitorUrl;
    }

    /** The port that the ingress serves; empty when this process is none. */
    public Optional<Integer> port() {
        return ingress.map(Ingress::port);
    }

    /** The port that the scaler serves; empty when this process is no ingress, or no scaler was asked for. */
    public Optional<Integer> scalerPort() {
        return scaler.map(Scaler::port);
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    @Override
    public void close() {
        started = false;
        opened.close();
    }
}
