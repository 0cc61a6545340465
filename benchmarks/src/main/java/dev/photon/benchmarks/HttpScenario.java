package dev.photon.benchmarks;

import java.io.IOException;
import java.util.List;

/** A main class of this package that echoes over HTTP. */
record HttpScenario(String name, String title, Class<?> main) implements Scenario {

    @Override
    public void measure(Bench bench, Results results) throws IOException, InterruptedException {
        try (var server = bench.startJava(main, List.of(bench.newFolder().toString()))) {
            HttpLevels.measure(bench, name, server, server.awaitReady(), results);
        }
    }
}
