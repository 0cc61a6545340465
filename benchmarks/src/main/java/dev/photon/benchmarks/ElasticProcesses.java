package dev.photon.benchmarks;

import java.io.IOException;

/** Executors as processes of their own that come and go with the work, by {@code faas autoscale}. */
record ElasticProcesses(String name, String title) implements Scenario {

    @Override
    public void measure(Bench bench, Results results) throws Skipped, IOException, InterruptedException {
        try (var region = new ElasticProcessRegion(bench)) {
            ElasticColdStarts.measure(name, region, results);
            ElasticSteps.measure(name, bench, region, results);
            new ElasticMoves(name, region, results).measure();
            new ElasticTimeLine(name, region, results).measure();
        }
    }
}
