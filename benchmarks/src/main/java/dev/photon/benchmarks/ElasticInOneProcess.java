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
    /** Of calls a second in the time line: more than one consumer's share. */
    private static final int RATE = 1_500;

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
            var region = Observed.atRest(client, up.awaitReady());
            Http.deploy(region.ingress(), ZERO_TOML, EchoGuest.module(bench.root(), EchoGuest.HANDLER));
            Http.deploy(
                    region.ingress(),
                    WAIT_TOML,
                    Files.readAllBytes(bench.root().resolve("benchmarks/elastic/wait.wasm")));
            warmUp(bench, region);
            firstCalls(region, results);
            steps(bench, region, results);
            timeLine(region, results);
        }
    }

    /**
     * What can be seen of the region.
     *
     * @param ingress its address
     * @param others consumers that are not those of calls
     */
    private record Observed(HttpClient client, URI ingress, int others) {
        private static final String CONSUMERS = "photon_executor_consumers";

        /** Of calls there is one. */
        static Observed atRest(HttpClient client, URI ingress) throws IOException, InterruptedException {
            var consumers = new Observed(client, ingress, 0).metric(CONSUMERS);
            return new Observed(client, ingress, consumers - 1);
        }

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

        /** Of calls. */
        int consumers() throws IOException, InterruptedException {
            return metric(CONSUMERS) - others;
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

    /** From zero to as many as the load needs, and back, second by second. */
    private void timeLine(Observed region, Results results) throws IOException, InterruptedException {
        Autoscaled.await(() -> region.loaded() == 0 && region.consumers() == 1);
        System.out.println("   seconds  answered/s  consumers  loaded");
        var began = System.nanoTime();
        var second = 0;
        try (var load = SteadyLoad.start(region.ingress().resolve("/fn/wait"), RATE)) {
            var before = 0L;
            while (second < MEASURED_SECONDS) {
                second = awaitNext(second, began);
                var answered = load.answered();
                row(second, answered - before, region);
                before = answered;
            }
            load.stop();
        }
        var ended = System.nanoTime();
        while (region.loaded() > 0) {
            second = awaitNext(second, began);
            row(second, 0, region);
        }
        results.addSeconds(name, BACK_TO_ZERO, Region.millisSince(ended) / 1e3);
        Autoscaled.await(() -> region.consumers() == 1);
        results.addSeconds(name, "consumers-back-to-one", Region.millisSince(ended) / 1e3);
    }

    private static int awaitNext(int second, long began) throws InterruptedException {
        Thread.sleep(Math.max(0, (second + 1) * 1_000L - (long) Region.millisSince(began)));
        return second + 1;
    }

    private static void row(int second, long answered, Observed region) throws IOException, InterruptedException {
        System.out.printf("   %7d %11d %10d %7d%n", second, answered, region.consumers(), region.loaded());
    }
}
