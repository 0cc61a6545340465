package dev.photon.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;

/**
 * First calls of functions, one at a time, and of an executor. Each executor is warm when its first calls are measured,
 * by other functions. Medians of five.
 */
record ColdStart(String name, String title) implements Scenario {
    private static final int TIMES = 5;
    /** For what the executor does in the background, which has no end that a client sees. */
    private static final long SETTLE_MILLIS = 3_000;

    @Override
    public void measure(Bench bench, Results results) throws Skipped, IOException, InterruptedException {
        try (var region = new Region(bench)) {
            measure(region, results);
        }
    }

    private void measure(Region region, Results results) throws IOException, InterruptedException {
        warm(region);
        var afterDeployment = new double[TIMES];
        var compiled = new double[TIMES];
        for (int i = 0; i < TIMES; i++) {
            var began = System.nanoTime();
            region.call(region.deploy());
            afterDeployment[i] = Region.millisSince(began);
            var later = region.deploy();
            Thread.sleep(SETTLE_MILLIS);
            compiled[i] = region.call(later);
        }
        var neverSeen = new ArrayList<URI>();
        for (int i = 0; i < TIMES; i++) {
            neverSeen.add(region.deploy());
        }
        var started = new double[TIMES];
        for (int i = 0; i < TIMES; i++) {
            started[i] = region.restart(neverSeen.getFirst());
        }
        region.emptyCache();
        region.restart(neverSeen.removeFirst());
        warm(region);
        var emptyCache = new double[TIMES];
        emptyCache[0] = region.call(region.deploy());
        for (int i = 1; i < TIMES; i++) {
            emptyCache[i] = region.call(neverSeen.get(i - 1));
        }
        results.addMillis(name, Measurement.FIRST_CALL_COMPILED, EndToEnd.median(compiled));
        results.addMillis(name, Measurement.FIRST_CALL_EMPTY, EndToEnd.median(emptyCache));
        results.addMillis(name, Measurement.DEPLOYED_ANSWERED, EndToEnd.median(afterDeployment));
        results.addMillis(name, Measurement.EXECUTOR_ANSWERED, EndToEnd.median(started));
    }

    /** Some functions on their first calls, so that it is not the executor's own code that is measured. */
    private static void warm(Region region) throws IOException, InterruptedException {
        for (int i = 0; i < 10; i++) {
            region.call(region.deploy());
        }
        Thread.sleep(SETTLE_MILLIS);
    }
}
