package dev.photon.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * What callers notice while partitions move between two executors, with either group protocol: the longest that a call waits
 * at a fixed rate, over all partitions, and so on those that move.
 */
final class ElasticMoves {
    static final List<String> PROTOCOLS = List.of("consumer", "classic");

    private static final int RATE = 200;
    private static final long SETTLE_MILLIS = 1_500;

    private final String scenario;
    private final ElasticProcessRegion region;
    private final Results results;

    ElasticMoves(String scenario, ElasticProcessRegion region, Results results) {
        this.scenario = scenario;
        this.region = region;
        this.results = results;
    }

    /** What moves partitions; it returns when the processes are as they are to be. */
    private interface Move {
        void run() throws IOException, InterruptedException;
    }

    void measure() throws IOException, InterruptedException {
        for (var protocol : PROTOCOLS) {
            var environment = Map.of("PHOTON_GROUP_PROTOCOL", protocol);
            try (var autoscaled = region.autoscale(environment, "--min", "1", "--max", "1")) {
                autoscaled.awaitReady(1);
                pause(protocol + "-nothing", () -> {});
                var others = new ServerProcess[1];
                pause(protocol + "-join", () -> others[0] = region.executor(environment));
                pause(protocol + "-leave", () -> others[0].close());
                others[0] = region.executor(environment);
                pause(protocol + "-killed", () -> others[0].kill());
            }
            try (var autoscaled = region.autoscale(environment, "--min", "2", "--max", "2")) {
                autoscaled.awaitReady(2);
                pause(protocol + "-killed-supervised", autoscaled::killOne);
            }
        }
    }

    private void pause(String metric, Move move) throws IOException, InterruptedException {
        try (var load = SteadyLoad.start(region.echo(), RATE)) {
            Thread.sleep(SETTLE_MILLIS);
            move.run();
            Thread.sleep(SETTLE_MILLIS);
            load.stop();
            results.addMillis(scenario, metric, load.longestMillis());
            if (load.failed() > 0) {
                throw new IOException(load.failed() + " calls failed in " + metric);
            }
        }
    }
}
