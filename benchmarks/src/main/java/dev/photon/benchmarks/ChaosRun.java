package dev.photon.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A region of containers whose parts are killed and frozen under load: the run that is also among the tests ({@code k8s}), with
 * its time line and its ledger. It fails when that does not balance.
 */
record ChaosRun(String name, String title) implements Scenario {
    static final String UNBALANCED = "what does not balance";

    private static final String MINUTES = "PHOTON_BENCH_CHAOS_MINUTES";
    private static final String SEED = "PHOTON_BENCH_CHAOS_SEED";
    private static final String DEFAULT_MINUTES = "3";
    private static final String CONTAINERS = ".ci/with-docker.sh";

    private static final Pattern LEDGER_ROW = Pattern.compile("(.*\\S)\\s+([0-9]\\S*)");

    @Override
    public void measure(Bench bench, Results results) throws Skipped, IOException, InterruptedException {
        var command = command(bench.root());
        awaitContainers(bench);
        var folder = bench.root().resolve("k8s/target/chaos");
        var timeLine = folder.resolve("time-line.txt");
        var ledger = folder.resolve("ledger.txt");
        Files.deleteIfExists(timeLine);
        Files.deleteIfExists(ledger);
        try (var run = bench.start("chaos", command)) {
            try {
                run.awaitEnd();
            } finally {
                run.lines().stream().filter(line -> line.startsWith("chaos: ")).forEach(ChaosRun::print);
                lines(timeLine).forEach(ChaosRun::print);
                lines(ledger).forEach(row -> add(row, results));
            }
        }
        if (!Files.exists(ledger)) {
            throw new IOException("the chaos run ended without a ledger");
        }
    }

    private static List<String> command(Path root) throws IOException {
        var command = new ArrayList<>(List.of("env", "-C", root.toString()));
        command.add("JAVA_HOME=" + System.getProperty("java.home"));
        command.addAll(List.of(CONTAINERS, "./mvnw", "-B", "-ntp", "-Dquick", "-Pchaos", "-pl", "k8s", "-am"));
        command.add("-Dchaos.minutes=" + number(MINUTES).orElse(DEFAULT_MINUTES));
        number(SEED).ifPresent(seed -> command.add("-Dchaos.seed=" + seed));
        command.add("verify");
        return command;
    }

    private static Optional<String> number(String key) throws IOException {
        var value = Optional.ofNullable(System.getenv(key)).filter(it -> !it.isEmpty());
        if (value.isPresent() && !value.get().matches("[0-9]{1,9}")) {
            throw new IOException(
                    key + " is '" + value.get() + "', and should be a whole number of at most nine digits");
        }
        return value;
    }

    private static void awaitContainers(Bench bench) throws Skipped, InterruptedException {
        try (var containers = bench.start(
                "containers", List.of(bench.root().resolve(CONTAINERS).toString(), "true"))) {
            containers.awaitEnd();
        } catch (IOException e) {
            throw new Skipped("there are no containers (" + e.getMessage() + ")");
        }
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private static void print(String line) {
        System.out.println("  " + line);
    }

    private void add(String row, Results results) {
        var matcher = LEDGER_ROW.matcher(row);
        if (matcher.matches()) {
            results.addCount(
                    name, matcher.group(1), Long.parseLong(matcher.group(2).replaceAll("[^0-9]", "")));
        }
    }
}
