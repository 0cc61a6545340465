package dev.photon.benchmarks;

import dev.photon.cli.Role;
import dev.photon.cli.RoleConfigs;
import dev.photon.cli.Roles;
import dev.photon.cli.broker.EmbeddedKafka;
import dev.photon.executor.Executor;
import dev.photon.executor.GuestRunner;
import dev.photon.protocol.Header;
import dev.photon.protocol.Reply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** What {@code faas up} runs, except that the executor answers the body by itself: the whole way without Wasm. */
public final class JavaEchoServer {
    private static final GuestRunner ECHO = (function, manifest, invocation, limitMillis, large) ->
            new Reply.Answer(200, List.of(new Header("content-type", "application/octet-stream")), invocation.body());

    private JavaEchoServer() {}

    /**
     * @param arguments an empty folder for the log and the modules
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var folder = Path.of(arguments[0]);
        try (var kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0)) {
            var settings = Map.of(
                    "PHOTON_BOOTSTRAP", kafka.bootstrap(),
                    "PHOTON_ENTRIES", "local",
                    "PHOTON_HOST", "127.0.0.1",
                    "PHOTON_PORT", "0",
                    "PHOTON_CACHE", folder.resolve("artifacts").toString());
            serve(RoleConfigs.read(System.getenv(), settings));
        }
    }

    private static void serve(RoleConfigs configs) throws IOException, InterruptedException {
        var vertx = Vertx.vertx();
        try (var roles = Roles.start(EnumSet.of(Role.REGISTRY, Role.INGRESS), configs)) {
            var executor = new Executor(vertx, configs.region(), configs.executor(), new SimpleMeterRegistry(), ECHO);
            executor.start().await();
            var ingress = URI.create("http://127.0.0.1:" + roles.port().orElseThrow());
            Http.deploy(ingress, EchoGuest.TOML, EchoGuest.module(EchoGuest.root(), EchoGuest.COMMAND));
            Lifeline.serve(ingress.resolve("/fn/" + EchoGuest.NAME).toString());
            executor.stop().await();
        } finally {
            vertx.close().await();
        }
    }
}
