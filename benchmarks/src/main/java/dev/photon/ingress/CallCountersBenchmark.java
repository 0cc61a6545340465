package dev.photon.ingress;

import dev.photon.metrics.VersionSeries;
import dev.photon.protocol.UsageCounters;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What counting costs a call in the ingress: of a function with series of its own, and of one beyond the limit. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CallCountersBenchmark {
    private static final String VERSION = "1.0.0";

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CallCounters counters = new CallCounters(
            new IngressMetrics(meters),
            new VersionSeries<>(meters, (function, version) -> true, 1, CallMeters::new),
            new UsageCounters());

    @Benchmark
    public void own() {
        counters.admitted("own", VERSION, System.nanoTime()).answered(200, 256, 256);
    }

    @Setup
    public void fill() {
        counters.overloaded("own", VERSION);
    }

    @Benchmark
    public void beyondTheLimit() {
        counters.admitted("beyond", VERSION, System.nanoTime()).answered(200, 256, 256);
    }
}
