package dev.photon.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What 1, 2 and 4 executors get done of a function that waits, eight of which run at once in each. */
final class ElasticSteps {
    static final List<Integer> STEPS = List.of(1, 2, 4);

    private static final int WARM_UP_SECONDS = 6;
    private static final int MEASURED_SECONDS = 6;

    private ElasticSteps() {}

    static void measure(String scenario, Bench bench, ElasticProcessRegion region, Results results)
            throws IOException, InterruptedException {
        for (var executors : STEPS) {
            var number = Integer.toString(executors);
            try (var autoscaled = region.autoscale(Map.of(), "--min", number, "--max", number)) {
                autoscaled.awaitReady(executors);
                // Twice as many calls as run, so that each place is taken again at once.
                var connections = 2 * ElasticProcessRegion.CONCURRENCY * executors;
                var wrk = Wrk.echo(bench, region.waiting());
                wrk.load(connections, WARM_UP_SECONDS);
                var level = wrk.load(connections, MEASURED_SECONDS);
                results.addFigure(scenario, executors, Measurement.THROUGHPUT, level.throughput(), "1/s");
                results.addFigure(scenario, executors, Measurement.ERRORS, (double) level.errors(), "1");
            }
        }
    }
}
