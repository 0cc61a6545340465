package dev.photon.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The product itself, by its own launcher: HTTP, Kafka, Wasm, Kafka, HTTP.
 *
 * @param module the echo that is deployed
 */
record EndToEnd(String name, String title, String module) implements Scenario {
    private static final int STARTS = 3;

    @Override
    public void measure(Bench bench, Results results) throws Skipped, IOException, InterruptedException {
        // Not counted: it builds what is not built, and fills the machine's file cache.
        start(bench, module).close();
        var ready = new double[STARTS];
        var answered = new double[STARTS];
        for (int i = 0; i < STARTS; i++) {
            try (var up = start(bench, module)) {
                ready[i] = up.ready;
                answered[i] = up.answered;
            }
        }
        results.addSeconds(name, Measurement.STARTUP_READY, median(ready));
        results.addSeconds(name, Measurement.STARTUP, median(answered));
        try (var up = start(bench, module)) {
            HttpLevels.measure(bench, name, up.process, up.url, results);
        }
    }

    /**
     * @param ready seconds from the start of the launcher to its ready line
     * @param answered seconds from there to the first answer of a function, with nothing in the log and the function
     *     deployed first
     */
    record Up(ServerProcess process, URI url, double ready, double answered) implements AutoCloseable {
        @Override
        public void close() {
            process.close();
        }
    }

    /** A region with the echo deployed, and called once. */
    static Up start(Bench bench, String module) throws Skipped, IOException, InterruptedException {
        var wasm = EchoGuest.module(bench.root(), module);
        var began = System.nanoTime();
        var process = up(bench);
        var ingress = process.awaitReady();
        var ready = secondsSince(began);
        Http.deploy(ingress, EchoGuest.TOML, wasm);
        var url = ingress.resolve("/fn/" + EchoGuest.NAME);
        Http.check(url);
        return new Up(process, url, ready, secondsSince(began));
    }

    /** {@code ./faas up} on empty data. */
    static ServerProcess up(Bench bench) throws Skipped, IOException {
        var faas = bench.root().resolve("faas");
        if (!faas.toFile().canExecute()) {
            throw new Skipped("there is no " + faas);
        }
        var command = List.of(
                faas.toString(),
                "up",
                "--port",
                Integer.toString(Ports.free()),
                "--kafka-port",
                Integer.toString(Ports.free()),
                "--data",
                bench.newFolder().toString());
        return bench.start("faas", command);
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    static double median(double[] values) {
        return DoubleStream.of(values)
                .sorted()
                .skip(values.length / 2)
                .findFirst()
                .orElseThrow();
    }
}
