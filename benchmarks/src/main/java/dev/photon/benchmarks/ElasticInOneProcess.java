package dev.photon.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;

/** A region in one process: functions that go to zero and come back for a call, and consumers that follow the load. */
record ElasticInOneProcess(String name, String title) implements Scenario {
    private static final int FIRST_CALLS = 40;
    private static final int CONCURRENCY = 8;
    /** With what is on its way, so that about that many run. */
    private static final int CALLS = 10;

    private static final int WARM_UP_SECONDS = 6;
    private static final int MEASURED_SECONDS = 6;
    private static final int IDLE_SECONDS = 5;

    static final String ZERO_TO_ANSWER = "zero-to-answer-p95";
    static final String BACK_TO_ZERO = "functions-back-to-zero";

    private static final String ZERO_TOML = "name = \"zero\"\nversion = \"1.0.0\"\n[scaling]\nidle_seconds = 1\n";
    private static final String WAIT_TOML =
            "name = \"wait\"\nversion = \"1.0.0\"\n[scaling]\nidle_seconds = %d\ntarget_concurrency = %d\n"
                    .formatted(IDLE_SECONDS, CONCURRENCY);

    @Override
    public void measure(Bench bench, Results results) throws Skipped, IOException, InterruptedException {
        var command = List.of(
                "env",
                "PHOTON_EXECUTOR_CONSUMERS=1..4",
                bench.root().resolve("faas").toString(),
                "up",
                "--port",
                "0",
                "--kafka-port",
                "0");
        try (var up = bench.start("faas up", command);
                var client = Http.client()) {
            var region = new Observed(client, up.awaitReady());
            Http.deploy(region.ingress(), ZERO_TOML, EchoGuest.module(bench.root(), EchoGuest.HANDLER));
            Http.deploy(
                    region.ingress(),
                    WAIT_TOML,
                    Files.readAllBytes(bench.root().resolve("benchmarks/elastic/wait.wasm")));
            warmUp(bench, region);
            firstCalls(region, results);
            steps(bench, region, results);
            backToZero(region, results);
        }
    }

    /**
     * What can be seen of the region.
     *
     * @param ingress its address
     */
    private record Observed(HttpClient client, URI ingress) {
        double call(String function) throws IOException, InterruptedException {
            var began = System.nanoTime();
            var call = Http.echo(ingress.resolve("/fn/" + function));
            Http.expectOk(client.send(call, HttpResponse.BodyHandlers.ofByteArray()));
            return Region.millisSince(began);
        }

        int metric(String metric) throws IOException, InterruptedException {
            var request = HttpRequest.newBuilder(ingress.resolve("/metrics")).build();
            var lines = client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8))
                    .body()
                    .lines();
            return lines.filter(line -> line.startsWith(metric + " "))
                    .mapToInt(line -> (int) Double.parseDouble(line.substring(metric.length() + 1)))
                    .sum();
        }

        int loaded() throws IOException, InterruptedException {
            return metric("photon_executor_functions_loaded");
        }

        /** Of calls: one more is there for the entry topic. */
        int consumers() throws IOException, InterruptedException {
            return metric("photon_executor_consumers") - 1;
        }
    }

    /** What is measured is the function, not a region that nobody has called yet. */
    private static void warmUp(Bench bench, Observed region) throws IOException, InterruptedException {
        Wrk.echo(bench, region.ingress().resolve("/fn/zero")).load(64, 2 * WARM_UP_SECONDS);
    }

    private void firstCalls(Observed region, Results results) throws IOException, InterruptedException {
        var millis = new double[FIRST_CALLS];
        for (int i = 0; i < FIRST_CALLS; i++) {
            Autoscaled.await(() -> region.loaded() == 0);
            millis[i] = region.call("zero");
        }
        Arrays.sort(millis);
        results.addMillis(name, "zero-to-answer-p50", millis[FIRST_CALLS / 2]);
        results.addMillis(name, ZERO_TO_ANSWER, millis[(int) Math.ceil(0.95 * FIRST_CALLS) - 1]);
    }

    private void steps(Bench bench, Observed region, Results results) throws IOException, InterruptedException {
        var wrk = Wrk.echo(bench, region.ingress().resolve("/fn/wait"));
        System.out.println("   calls at once  consumers  loaded");
        for (var step : ElasticSteps.STEPS) {
            var connections = step * CALLS;
            wrk.load(connections, WARM_UP_SECONDS);
            var level = wrk.load(connections, MEASURED_SECONDS);
            System.out.printf("   %13d %10d %7d%n", connections, region.consumers(), region.loaded());
            results.addFigure(name, step, Measurement.THROUGHPUT, level.throughput(), "1/s");
            results.addFigure(name, step, Measurement.ERRORS, (double) level.errors(), "1");
        }
    }

    private void backToZero(Observed region, Results results) throws IOException, InterruptedException {
        var began = System.nanoTime();
        System.out.println("   seconds without a call  consumers  loaded");
        for (int second = 1; region.loaded() > 0; second++) {
            Thread.sleep(Math.max(0, second * 1_000L - (long) Region.millisSince(began)));
            System.out.printf("   %22d %10d %7d%n", second, region.consumers(), region.loaded());
        }
        results.addSeconds(name, BACK_TO_ZERO, Region.millisSince(began) / 1e3);
        Autoscaled.await(() -> region.consumers() == 1);
        results.addSeconds(name, "consumers-back-to-one", Region.millisSince(began) / 1e3);
    }
}
