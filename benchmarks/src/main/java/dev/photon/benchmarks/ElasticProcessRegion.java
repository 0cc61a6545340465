package dev.photon.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A registry and an ingress with a scaler as processes of their own, and two functions: the echo, and one that waits for
 * 10 ms, eight of which at most run at once in an executor. Executors are {@code faas autoscale}'s. Confined to its thread.
 */
final class ElasticProcessRegion implements AutoCloseable {
    /** Runs of the waiting function that an executor has at once. */
    static final int CONCURRENCY = 8;

    private static final String WAIT_TOML =
            "name = \"wait\"\nversion = \"1.0.0\"\n[runtime]\nmax_concurrency = %d\n".formatted(CONCURRENCY);

    private final RoleProcesses roles;
    private final URI ingress;
    private final int scalerPort = Ports.free();

    ElasticProcessRegion(Bench bench) throws Skipped, IOException, InterruptedException {
        this.roles = new RoleProcesses(bench);
        roles.start("registry");
        var front = roles.start(
                Map.of("PHOTON_SCALER_PORT", Integer.toString(scalerPort)),
                List.of("ingress", "--port", Integer.toString(Ports.free())));
        this.ingress = front.awaitReady();
        Http.deploy(ingress, EchoGuest.TOML, EchoGuest.module(bench.root(), EchoGuest.COMMAND));
        Http.deploy(ingress, WAIT_TOML, Files.readAllBytes(bench.root().resolve("benchmarks/elastic/wait.wasm")));
    }

    URI echo() {
        return ingress.resolve("/fn/" + EchoGuest.NAME);
    }

    URI waiting() {
        return ingress.resolve("/fn/wait");
    }

    /** {@code faas autoscale} with further options. */
    Autoscaled autoscale(Map<String, String> environment, String... options) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("autoscale", "--scaler", "127.0.0.1:" + scalerPort));
        command.addAll(List.of(options));
        return new Autoscaled(roles.start(environment, command));
    }

    /** An executor that nobody watches. */
    ServerProcess executor(Map<String, String> environment) throws IOException, InterruptedException {
        var executor = roles.start(environment, List.of("executor"));
        Autoscaled.await(() -> said(executor, ServerProcess.READY) == 1);
        return executor;
    }

    static long said(ServerProcess process, String words) throws IOException {
        return process.lines().stream().filter(line -> line.contains(words)).count();
    }

    @Override
    public void close() {
        roles.close();
    }
}
