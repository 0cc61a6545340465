package dev.photon.cli;

import dev.photon.executor.Executor;
import dev.photon.ingress.Connections;
import dev.photon.ingress.Ingress;
import dev.photon.protocol.TopicSetup;
import dev.photon.registry.Registry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Roles of a region in this process. Started and closed by one thread. */
public final class Roles implements AutoCloseable {
    private final Stack opened = new Stack();
    private Optional<Ingress> ingress = Optional.empty();

    private Roles() {}

    /** Starts roles; they serve when this returns, and when it throws, nothing is left open. */
    public static Roles start(Set<Role> which, RoleConfigs configs) throws InterruptedException {
        var roles = new Roles();
        try {
            roles.open(which, configs);
            return roles;
        } catch (InterruptedException | RuntimeException e) {
            roles.close();
            throw e;
        }
    }

    private void open(Set<Role> which, RoleConfigs configs) throws InterruptedException {
        var region = configs.region();
        try (var admin = region.kafka().admin()) {
            TopicSetup.ensure(admin, region.plan());
        }
        var connections = new Connections(configs.http());
        var vertx = connections.vertx(
                new VertxOptions().setEventLoopPoolSize(configs.ingress().eventLoops()));
        opened.push(() -> join(vertx.close()));
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        opened.push(meters::close);
        var starting = new ArrayList<Future<Void>>();
        if (which.contains(Role.REGISTRY)) {
            var registry = new Registry(region, configs.registry(), Clock.systemUTC());
            opened.push(registry);
        }
        if (which.contains(Role.EXECUTOR)) {
            var executor = new Executor(vertx, region, configs.executor(), meters);
            opened.push(() -> join(executor.stop()));
            starting.add(executor.start());
        }
        if (which.contains(Role.INGRESS)) {
            var started = new Ingress(vertx, connections, region, configs.ingress(), meters);
            opened.push(() -> join(started.stop()));
            starting.add(started.start());
            ingress = Optional.of(started);
        }
        join(Future.all(List.copyOf(starting)));
    }

    /** The port that the ingress serves; empty when this process is none. */
    public Optional<Integer> port() {
        return ingress.map(Ingress::port);
    }

    private static void join(Future<?> future) {
        future.toCompletionStage().toCompletableFuture().join();
    }

    @Override
    public void close() {
        opened.close();
    }
}
