package dev.photon.benchmarks;

import java.io.IOException;
import java.util.List;

/**
 * A scenario without HTTP: a main class of this package that measures itself and prints its levels.
 *
 * @param main takes the pace as its arguments
 */
record MainScenario(String name, String title, Class<?> main) implements Scenario {

    @Override
    public void measure(Bench bench, Results results) throws IOException, InterruptedException {
        run(bench, bench.pace().arguments(), results);
    }

    void run(Bench bench, List<String> arguments, Results results) throws IOException, InterruptedException {
        try (var process = bench.startJava(main, arguments)) {
            for (var line : process.awaitEnd()) {
                Level.parse(line).ifPresent(level -> results.add(name, level));
            }
        }
    }
}
