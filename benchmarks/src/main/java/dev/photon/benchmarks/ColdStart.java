package dev.photon.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * First calls of functions of 150 KB, one at a time, and of an executor. The roles are processes of their own, by the
 * product's launcher; each executor is warm when its first calls are measured, by other functions. Medians of five.
 */
record ColdStart(String name, String title) implements Scenario {
    private static final int TIMES = 5;
    private static final String MODULE = "benchmarks/cold-start/words.wasm";
    private static final String BODY = "the log is the truth 1 2 3 and the rest is a view";
    /** For what the executor does in the background, which has no end that a client sees. */
    private static final long SETTLE_MILLIS = 3_000;

    @Override
    public void measure(Bench bench, Results results) throws Skipped, IOException, InterruptedException {
        var faas = bench.root().resolve("faas");
        if (!faas.toFile().canExecute()) {
            throw new Skipped("there is no " + faas);
        }
        var module = Files.readAllBytes(bench.root().resolve(MODULE));
        try (var broker =
                        bench.startJava(Broker.class, List.of(bench.newFolder().toString()));
                var region = new Region(bench, faas, broker.awaitReady().getAuthority(), module)) {
            region.measure(results, name);
        }
    }

    /** The roles, and how many functions have been deployed. */
    private static final class Region implements AutoCloseable {
        private final Bench bench;
        private final Path faas;
        private final String bootstrap;
        private final byte[] module;
        private final HttpClient client = Http.client();
        private final ServerProcess registry;
        private final ServerProcess ingressRole;
        private final URI ingress;
        private Path cache;
        private ServerProcess executor;
        private int deployed;

        Region(Bench bench, Path faas, String bootstrap, byte[] module) throws IOException, InterruptedException {
            this.bench = bench;
            this.faas = faas;
            this.bootstrap = bootstrap;
            this.module = module;
            this.cache = bench.newFolder();
            this.registry = start("registry");
            this.ingressRole = start("ingress", "--port", Integer.toString(Ports.free()));
            this.ingress = ingressRole.awaitReady();
            this.executor = start("executor");
        }

        private ServerProcess start(String... role) throws IOException {
            var command = new ArrayList<>(List.of("env", "PHOTON_CACHE=" + cache, faas.toString()));
            command.addAll(List.of(role));
            command.addAll(List.of("--bootstrap", bootstrap));
            return bench.start(role[0], command);
        }

        void measure(Results results, String scenario) throws IOException, InterruptedException {
            warm();
            var afterDeployment = new double[TIMES];
            var compiled = new double[TIMES];
            for (int i = 0; i < TIMES; i++) {
                var began = System.nanoTime();
                var first = deploy();
                call(first);
                afterDeployment[i] = millisSince(began);
                var second = deploy();
                Thread.sleep(SETTLE_MILLIS);
                compiled[i] = call(second);
            }
            var neverSeen = new ArrayList<URI>();
            for (int i = 0; i < TIMES; i++) {
                neverSeen.add(deploy());
            }
            var started = new double[TIMES];
            for (int i = 0; i < TIMES; i++) {
                started[i] = restart(neverSeen.getFirst());
            }
            cache = bench.newFolder();
            restart(neverSeen.removeFirst());
            warm();
            var emptyCache = new double[TIMES];
            emptyCache[0] = call(deploy());
            for (int i = 1; i < TIMES; i++) {
                emptyCache[i] = call(neverSeen.get(i - 1));
            }
            results.addMillis(scenario, Measurement.FIRST_CALL_COMPILED, EndToEnd.median(compiled));
            results.addMillis(scenario, Measurement.FIRST_CALL_EMPTY, EndToEnd.median(emptyCache));
            results.addMillis(scenario, Measurement.DEPLOYED_ANSWERED, EndToEnd.median(afterDeployment));
            results.addMillis(scenario, Measurement.EXECUTOR_ANSWERED, EndToEnd.median(started));
        }

        /** Some functions on their first calls, so that it is not the executor's own code that is measured. */
        private void warm() throws IOException, InterruptedException {
            for (int i = 0; i < 10; i++) {
                call(deploy());
            }
            Thread.sleep(SETTLE_MILLIS);
        }

        /** A function with a content of its own, and its address. */
        private URI deploy() throws IOException, InterruptedException {
            var function = "cold-%d".formatted(deployed++);
            Http.deploy(ingress, "name = \"%s\"\nversion = \"1.0.0\"\n".formatted(function), marked(function));
            return ingress.resolve("/fn/" + function);
        }

        /** With a custom section (WebAssembly Core Specification 2.0, 5.5.3), so that the digest is another. */
        private byte[] marked(String mark) {
            var section = mark.getBytes(UTF_8);
            var marked = ByteBuffer.allocate(module.length + section.length + 3);
            return marked.put(module)
                    .put((byte) 0)
                    .put((byte) (section.length + 1))
                    .put((byte) section.length)
                    .put(section)
                    .array();
        }

        private double call(URI url) throws IOException, InterruptedException {
            var began = System.nanoTime();
            Http.expectOk(client.send(Http.post(url, BODY), HttpResponse.BodyHandlers.ofByteArray()));
            return millisSince(began);
        }

        /** Milliseconds from the start of another executor's process to its first answer. */
        private double restart(URI url) throws IOException, InterruptedException {
            executor.close();
            var began = System.nanoTime();
            executor = start("executor");
            call(url);
            return millisSince(began);
        }

        private static double millisSince(long nanos) {
            return (System.nanoTime() - nanos) / 1e6;
        }

        @Override
        public void close() {
            client.close();
            executor.close();
            ingressRole.close();
            registry.close();
        }
    }
}
