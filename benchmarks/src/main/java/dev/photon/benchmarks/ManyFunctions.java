package dev.photon.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;

/** What an executor takes of the machine's memory that has seen many deployments, and runs some of the functions. */
record ManyFunctions(String name, String title) implements Scenario {
    private static final int DEPLOYED = 1_000;
    private static final int CALLED = 100;
    private static final int ROUNDS = 50;

    @Override
    public void measure(Bench bench, Results results) throws Skipped, IOException, InterruptedException {
        try (var region = new Region(bench)) {
            var functions = new ArrayList<URI>();
            for (int i = 0; i < DEPLOYED; i++) {
                functions.add(region.deploy());
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (var function : functions.subList(0, CALLED)) {
                    region.call(function);
                }
            }
            results.addFigure(name, 1, Measurement.RESIDENT, region.executor().residentKibibytes() / 1_024.0, "MiB");
        }
    }
}
