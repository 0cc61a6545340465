package dev.photon.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs scenarios one after the other: {@code [--json FILE] [SCENARIO…]}. Ends with 0 when all were measured or skipped,
 * 1 when one failed, 2 when the command line is wrong, 3 when the load generator is missing. A mark that is not met is
 * told, but is no failure.
 */
public final class Benchmarks {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private static final int MISSING = 3;

    private record Options(Optional<Path> json, List<Scenario> scenarios) {
        static Options parse(String[] arguments) {
            var names = new ArrayList<String>();
            Optional<Path> json = Optional.empty();
            for (int i = 0; i < arguments.length; i++) {
                if (arguments[i].equals("--json") && i + 1 < arguments.length) {
                    json = Optional.of(Path.of(arguments[++i]));
                } else if (arguments[i].startsWith("-")) {
                    throw new IllegalArgumentException("usage: benchmarks/run.sh [--json FILE] [SCENARIO…]");
                } else {
                    names.add(arguments[i]);
                }
            }
            return new Options(json, Catalogue.select(names));
        }
    }

    private Benchmarks() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) throws IOException, InterruptedException {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return MISUSED;
        }
        if (!Wrk.isThere()) {
            System.err.println("install wrk (Debian: apt install wrk), the load generator");
            return MISSING;
        }
        var results = new Results();
        var failures = measure(options.scenarios(), results);
        var report = Report.of(results);
        report.print();
        if (options.json().isPresent()) {
            report.write(options.json().get());
        }
        return failures == 0 ? 0 : FAILED;
    }

    private static int measure(List<Scenario> scenarios, Results results) throws IOException, InterruptedException {
        int failures = 0;
        try (var bench = new Bench()) {
            for (var scenario : scenarios) {
                System.out.printf("%n%s: %s%n", scenario.name(), scenario.title());
                try {
                    scenario.measure(bench, results);
                } catch (Skipped e) {
                    System.out.println("  skipped: " + e.getMessage());
                } catch (IOException e) {
                    System.out.println("  FAILED: " + e.getMessage());
                    failures++;
                }
            }
        }
        return failures;
    }
}
