package dev.photon.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A scenario without HTTP: a main class of this package that measures itself and prints its levels.
 *
 * @param main takes the pace as its first arguments
 * @param more what it takes beyond that
 */
record MainScenario(String name, String title, Class<?> main, String... more) implements Scenario {

    @Override
    public void measure(Bench bench, Results results) throws IOException, InterruptedException {
        var arguments = new ArrayList<>(bench.pace().arguments());
        arguments.addAll(List.of(more));
        try (var process = bench.startJava(main, arguments)) {
            for (var line : process.awaitEnd()) {
                Level.parse(line).ifPresent(level -> results.add(name, level));
            }
        }
    }
}
