package dev.photon.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The figures of a run, in the order in which they were taken; each is printed as it comes. */
final class Results {
    private final List<Measurement> all = new ArrayList<>();

    void add(String scenario, Level level) {
        System.out.println("  " + level);
        add(scenario, level.connections(), Measurement.THROUGHPUT, level.throughput(), "1/s");
        add(scenario, level.connections(), Measurement.P50, level.p50(), "us");
        add(scenario, level.connections(), Measurement.P99, level.p99(), "us");
        add(scenario, level.connections(), Measurement.ERRORS, (double) level.errors(), "1");
    }

    void addSeconds(String scenario, String metric, double seconds) {
        System.out.printf("  %s %.2f s%n", metric, seconds);
        add(scenario, 1, metric, seconds, "s");
    }

    void addSeconds(String scenario, int connections, String metric, double seconds) {
        System.out.printf("        %s %.4f s%n", metric, seconds);
        add(scenario, connections, metric, seconds, "s");
    }

    void addMillis(String scenario, String metric, double millis) {
        System.out.printf("  %-14s %8.3f ms%n", metric, millis);
        add(scenario, 1, metric, millis, "ms");
    }

    void addFigure(String scenario, int connections, String metric, double value, String unit) {
        System.out.printf("%5d at once %s %,.2f %s%n", connections, metric, value, unit);
        add(scenario, connections, metric, value, unit);
    }

    /** @param metric as it is printed; without the blanks around it elsewhere */
    void addCount(String scenario, String metric, long count) {
        System.out.printf("  %-44s %,8d%n", metric, count);
        add(scenario, 1, metric.strip(), (double) count, "1");
    }

    private void add(String scenario, int connections, String metric, double value, String unit) {
        all.add(new Measurement(scenario, connections, metric, value, unit));
    }

    Optional<Double> find(String scenario, int connections, String metric) {
        return all.stream()
                .filter(one -> one.scenario().equals(scenario)
                        && one.connections() == connections
                        && one.metric().equals(metric))
                .map(Measurement::value)
                .findFirst();
    }

    List<Measurement> all() {
        return List.copyOf(all);
    }
}
