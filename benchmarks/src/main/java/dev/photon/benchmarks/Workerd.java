package dev.photon.benchmarks;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Cloudflare's open-source runtime with the same module, one instance for all requests, and no log in between. */
record Workerd(String name, String title) implements Scenario {
    private static final int ATTEMPTS = 600;

    @Override
    public void measure(Bench bench, Results results) throws Skipped, IOException, InterruptedException {
        var folder = bench.root().resolve("benchmarks");
        var address = "127.0.0.1:" + Ports.free();
        var command = List.of(
                installed(bench, folder).toString(),
                "serve",
                folder.resolve("workerd/config.capnp").toString(),
                "--socket-addr",
                "http=" + address);
        try (var server = bench.start("workerd", command)) {
            var url = URI.create("http://" + address + "/");
            awaitAnswer(server, url);
            HttpLevels.measure(bench, name, server, url, results);
        }
    }

    /** The program itself, not the package's launcher script, which an install without scripts leaves in its place. */
    private static Path installed(Bench bench, Path folder) throws Skipped, IOException, InterruptedException {
        if (program(folder).isEmpty()) {
            install(bench, folder);
        }
        return program(folder).orElseThrow(() -> new Skipped("workerd has no program for this machine"));
    }

    private static Optional<Path> program(Path folder) throws IOException {
        var packages = folder.resolve("node_modules/@cloudflare");
        if (!Files.isDirectory(packages)) {
            return Optional.empty();
        }
        try (var platforms = Files.list(packages)) {
            return platforms
                    .map(platform -> platform.resolve("bin/workerd"))
                    .filter(Files::isExecutable)
                    .findFirst();
        }
    }

    private static void install(Bench bench, Path folder) throws Skipped, InterruptedException {
        // Not "npm ci": it wants the programs for all platforms in the lock file, and not every registry has them.
        var command = List.of(
                "npm",
                "install",
                "--prefix",
                folder.toString(),
                "--no-save",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--silent");
        try (var npm = bench.start("npm", command)) {
            npm.awaitEnd();
        } catch (IOException e) {
            throw new Skipped("npm is not there, or could not install workerd (" + e.getMessage() + ")");
        }
    }

    /** It says nothing when it is ready. */
    private static void awaitAnswer(ServerProcess server, URI url) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS && server.isAlive(); attempt++) {
            try {
                Http.check(url);
                return;
            } catch (ConnectException notYet) {
                Thread.sleep(50);
            }
        }
        throw server.failure("did not answer");
    }
}
