package dev.photon.benchmarks;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** First answers of a region that has no executor: after the last one went, and after it was killed. */
final class ElasticColdStarts {
    private static final int CLEAN = 10;
    private static final int UNCLEAN = 5;
    /** After that a start is not one of several in a row that fail. */
    private static final long SETTLED_MILLIS = 5_500;

    private static final List<String> OPTIONS = List.of("--max", "1", "--idle-seconds", "2");

    private ElasticColdStarts() {}

    static void measure(String scenario, ElasticProcessRegion region, Results results)
            throws IOException, InterruptedException {
        var clean = new double[CLEAN];
        var unclean = new double[UNCLEAN];
        try (var autoscaled = region.autoscale(Map.of(), OPTIONS.toArray(String[]::new));
                var client = Http.client()) {
            // Not counted: ingress and registry have not been called either.
            call(region, client);
            for (int i = 0; i < CLEAN; i++) {
                autoscaled.awaitRunning(0);
                clean[i] = call(region, client);
                if (i < UNCLEAN) {
                    var until = System.nanoTime() + SETTLED_MILLIS * 1_000_000;
                    while (System.nanoTime() < until) {
                        call(region, client);
                        Thread.sleep(500);
                    }
                    autoscaled.killOne();
                    unclean[i] = call(region, client);
                }
            }
        }
        add(scenario, "zero-to-answer-clean", clean, results);
        add(scenario, "zero-to-answer-killed", unclean, results);
    }

    private static double call(ElasticProcessRegion region, HttpClient client)
            throws IOException, InterruptedException {
        var began = System.nanoTime();
        Http.expectOk(client.send(Http.echo(region.echo()), HttpResponse.BodyHandlers.ofByteArray()));
        return Region.millisSince(began);
    }

    private static void add(String scenario, String metric, double[] millis, Results results) {
        Arrays.sort(millis);
        results.addMillis(scenario, metric + "-p50", millis[millis.length / 2]);
        results.addMillis(scenario, metric + "-p95", millis[(int) Math.ceil(0.95 * millis.length) - 1]);
    }
}
