package dev.photon.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/**
 * From no executor to three, to one and to none: a burst of calls, then a steady load that one executor can do, of
 * which no call may fail while the others go, then nothing.
 */
final class ElasticTimeLine {
    private static final int BURST = 1_800;
    private static final int WARM_UP_RATE = 500;
    private static final int WARM_UP_CALLS = 5_000;
    private static final int STEADY_RATE = 2_000;
    private static final int STEADY_CALLS = 100_000;
    private static final int IDLE_SECONDS = 5;

    private final String scenario;
    private final ElasticProcessRegion region;
    private final Results results;
    private final long began = System.nanoTime();
    private int second;

    ElasticTimeLine(String scenario, ElasticProcessRegion region, Results results) {
        this.scenario = scenario;
        this.region = region;
        this.results = results;
    }

    void measure() throws IOException, InterruptedException {
        var idle = Integer.toString(IDLE_SECONDS);
        try (var autoscaled =
                region.autoscale(Map.of(), "--max", "3", "--idle-seconds", idle, "--settle-seconds", "20")) {
            System.out.println("   seconds  wanted  running  answered/s");
            var burst = load(autoscaled, region.waiting(), BURST, BURST);
            autoscaled.awaitReady(3);
            load(autoscaled, region.echo(), WARM_UP_RATE, WARM_UP_CALLS);
            results.addFigure(scenario, 3, "scale-out-failed", (double) burst.failed(), "1");
            var steady = load(autoscaled, region.echo(), STEADY_RATE, STEADY_CALLS);
            results.addFigure(scenario, 1, "scale-in-calls", (double) steady.sent(), "1");
            results.addFigure(scenario, 1, "scale-in-failed", (double) steady.failed(), "1");
            results.addMillis(scenario, "scale-in-longest", steady.longestMillis());
            while (autoscaled.running() > 0) {
                awaitNextSecond();
                row(autoscaled, 0);
            }
            results.addSeconds(scenario, "back-to-zero", Region.millisSince(steady.ended()) / 1e3);
        }
    }

    private SteadyLoad load(Autoscaled autoscaled, URI function, int rate, int calls)
            throws IOException, InterruptedException {
        try (var load = SteadyLoad.start(function, rate)) {
            var before = 0L;
            while (load.sent() < calls) {
                awaitNextSecond();
                var answered = load.answered();
                row(autoscaled, answered - before);
                before = answered;
            }
            load.stop();
            return load;
        }
    }

    private void awaitNextSecond() throws InterruptedException {
        second++;
        Thread.sleep(Math.max(0, second * 1_000L - (long) Region.millisSince(began)));
    }

    private void row(Autoscaled autoscaled, long answered) throws IOException {
        System.out.printf("   %7d %7d %8d %11d%n", second, autoscaled.wanted(), autoscaled.running(), answered);
    }
}
