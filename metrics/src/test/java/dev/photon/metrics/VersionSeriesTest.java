package dev.photon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.ErrorKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VersionSeriesTest {
    private static final String VERSION = "1.0.0";

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Set<String> deployed = ConcurrentHashMap.newKeySet();

    private VersionSeries<Counter> series(int most) {
        return new VersionSeries<>(
                meters, (function, version) -> deployed.contains(function), most, set -> set.counter("calls", "Calls"));
    }

    private void delete(VersionSeries<Counter> series, String function) {
        deployed.remove(function);
        series.deleted(function, VERSION);
    }

    /** Labels and value, as Prometheus gets them. */
    private List<String> lines(String name) {
        return meters.scrape()
                .lines()
                .filter(line -> line.startsWith(name + "{"))
                .sorted()
                .toList();
    }

    @Test
    void measuresEachVersionByItself() {
        deployed.add("f");
        var series = series(10);

        series.of("f", VERSION).increment();
        series.of("f", VERSION).increment();
        series.of("f", "1.1.0").increment();

        assertThat(lines("calls_total"))
                .containsExactly(
                        "calls_total{function=\"f\",version=\"1.0.0\"} 2.0",
                        "calls_total{function=\"f\",version=\"1.1.0\"} 1.0",
                        "calls_total{function=\"other\",version=\"\"} 0.0");
    }

    @Test
    void measuresTogetherWhatIsBeyondTheLimitAndTakesThePlaceOfWhatIsDeleted() {
        deployed.addAll(List.of("a", "b", "c"));
        var series = series(2);
        for (var function : List.of("a", "b", "c", "c")) {
            series.of(function, VERSION).increment();
        }

        assertThat(lines("calls_total")).hasSize(3).contains("calls_total{function=\"other\",version=\"\"} 2.0");

        delete(series, "a");
        series.of("c", VERSION).increment();

        assertThat(lines("calls_total"))
                .containsExactly(
                        "calls_total{function=\"b\",version=\"1.0.0\"} 1.0",
                        "calls_total{function=\"c\",version=\"1.0.0\"} 1.0",
                        "calls_total{function=\"other\",version=\"\"} 2.0");
    }

    @Test
    void makesNoSeriesForWhatIsNotThere() {
        var series = series(10);

        series.of("a name that a stranger made up", VERSION).increment();

        assertThat(lines("calls_total")).containsExactly("calls_total{function=\"other\",version=\"\"} 1.0");
    }

    @Test
    void isNotBroughtBackByACallThatEndsAfterTheDeletion() {
        deployed.add("f");
        var series = series(10);
        var begun = series.of("f", VERSION);

        delete(series, "f");
        begun.increment();
        series.of("f", VERSION).increment();

        assertThat(lines("calls_total")).containsExactly("calls_total{function=\"other\",version=\"\"} 1.0");
    }

    @Test
    void beginsAnewWhenAVersionIsDeployedAgain() {
        deployed.add("f");
        var series = series(10);
        series.of("f", VERSION).increment();
        delete(series, "f");
        deployed.add("f");

        series.of("f", VERSION).increment();

        assertThat(lines("calls_total")).contains("calls_total{function=\"f\",version=\"1.0.0\"} 1.0");
    }

    @Test
    void whatIsMadeForADeletedVersionDoesNotDisturbItsSuccessor() {
        deployed.add("f");
        var series = new VersionSeries<>(
                meters,
                (function, version) -> deployed.contains(function),
                10,
                set -> new FailureCounters(set, "failures", "Failures"));
        var before = series.of("f", VERSION);
        series.deleted("f", VERSION);
        series.of("f", VERSION).count(ErrorKind.NOT_FOUND);

        before.count(ErrorKind.NOT_FOUND);
        before.count(ErrorKind.BAD_REQUEST);

        assertThat(lines("failures_total"))
                .contains("failures_total{function=\"f\",kind=\"not-found\",version=\"1.0.0\"} 1.0")
                .noneMatch(line -> line.contains("bad-request"));
    }

    @Test
    void failuresThatAreNotTheCallersAreThereAtZero() {
        new FailureCounters(new MeterSet(meters, "f", VERSION), "failures", "Failures");

        assertThat(lines("failures_total"))
                .contains("failures_total{function=\"f\",kind=\"timeout\",version=\"1.0.0\"} 0.0")
                .noneMatch(line -> line.contains("not-found"));
    }

    @Test
    void timersHaveTheirBucketsAndNoOthers() {
        var timer =
                new MeterSet(meters, "f", VERSION).timer("runs", "Runs", Duration.ofMillis(1), Duration.ofMillis(5));
        timer.record(3, TimeUnit.MILLISECONDS);

        assertThat(lines("runs_seconds_bucket"))
                .containsExactlyInAnyOrder(
                        "runs_seconds_bucket{function=\"f\",version=\"1.0.0\",le=\"0.001\"} 0",
                        "runs_seconds_bucket{function=\"f\",version=\"1.0.0\",le=\"0.005\"} 1",
                        "runs_seconds_bucket{function=\"f\",version=\"1.0.0\",le=\"+Inf\"} 1");
    }

    /** Threads call, deploy and delete the same few functions; afterwards nothing is left of what was deleted. */
    @Test
    void leavesNothingBehindHoweverCallsAndDeletionsMeet() throws Exception {
        var registry = new SimpleMeterRegistry();
        var series = new VersionSeries<>(
                registry, (function, version) -> deployed.contains(function), 3, set -> set.counter("calls", "Calls"));
        var functions = IntStream.range(0, 5).mapToObj(i -> "f" + i).toList();
        var start = new CyclicBarrier(4);
        try (var threads = Executors.newFixedThreadPool(4)) {
            var callers = IntStream.range(0, 3)
                    .<Future<?>>mapToObj(caller -> threads.submit(() -> {
                        start.await();
                        for (int i = 0; i < 20_000; i++) {
                            series.of(functions.get((i + caller) % 5), VERSION).increment();
                        }
                        return caller;
                    }))
                    .toList();
            var owner = threads.submit(() -> {
                start.await();
                for (int i = 0; i < 20_000; i++) {
                    var function = functions.get(i % 5);
                    deployed.add(function);
                    series.of(function, VERSION).increment();
                    delete(series, function);
                }
                return 0;
            });
            owner.get();
            for (var caller : callers) {
                caller.get();
            }
        }

        assertThat(registry.getMeters()).hasSize(1);
        deployed.addAll(functions);
        functions.forEach(function -> series.of(function, VERSION).increment());
        assertThat(registry.getMeters()).hasSize(4);
    }
}
