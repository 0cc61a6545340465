package dev.photon.benchmarks;

import dev.photon.protocol.KafkaConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A broker, and roles of a region as processes of their own, by the product's launcher. Confined to its thread. */
final class RoleProcesses implements AutoCloseable {
    private final Bench bench;
    private final Path faas;
    private final ServerProcess broker;
    private final List<ServerProcess> started = new ArrayList<>();
    private Path cache;

    RoleProcesses(Bench bench) throws Skipped, IOException, InterruptedException {
        this.bench = bench;
        this.faas = bench.root().resolve("faas");
        if (!faas.toFile().canExecute()) {
            throw new Skipped("there is no " + faas);
        }
        // The launcher trains its cache now, if it must, and not while a role is waited for.
        bench.start("faas", List.of(faas.toString(), "executor", "--help")).awaitEnd();
        this.broker = bench.startJava(Broker.class, List.of(bench.newFolder().toString()));
        this.cache = bench.newFolder();
    }

    /** One that is closed with this, if not before. */
    ServerProcess start(Map<String, String> environment, List<String> role) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("env", "PHOTON_CACHE=" + cache));
        environment.forEach((key, value) -> command.add(key + "=" + value));
        command.add(faas.toString());
        command.addAll(role);
        command.addAll(List.of("--bootstrap", broker.awaitReady().getAuthority()));
        var process = bench.start(role.getFirst(), command);
        started.addFirst(process);
        return process;
    }

    ServerProcess start(String... role) throws IOException, InterruptedException {
        return start(Map.of(), List.of(role));
    }

    /** The broker. */
    KafkaConnection kafka() throws IOException, InterruptedException {
        return new KafkaConnection(broker.awaitReady().getAuthority());
    }

    /** Roles that start from now on find nothing on disk. */
    void emptyCache() throws IOException {
        cache = bench.newFolder();
    }

    @Override
    public void close() {
        started.forEach(ServerProcess::close);
        broker.close();
    }
}
