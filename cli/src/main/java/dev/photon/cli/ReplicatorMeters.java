package dev.photon.cli;

import dev.photon.replicator.Readings;
import dev.photon.replicator.Replicator;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** What an operator sees of a replicator, which itself only counts; by the region that is copied from. */
final class ReplicatorMeters {
    private static final String ORIGIN = "origin";

    private ReplicatorMeters() {}

    /** Whoever calls keeps the replicator. */
    static void bind(Replicator replicator, MeterRegistry meters) {
        Gauge.builder("photon.replicator.ready", replicator, it -> it.ready() ? 1 : 0)
                .description("1 while what other regions have can be brought here")
                .register(meters);
        for (var readings : replicator.readings()) {
            if (replicator.copies()) {
                Gauge.builder("photon.replicator.lag", readings, ReplicatorMeters::lag)
                        .description("Records of the region's functions to be copied; NaN while it does not answer")
                        .tag(ORIGIN, readings.origin())
                        .register(meters);
            }
            count(meters, readings, "records", "Records copied of the region's functions", Readings::records);
            count(meters, readings, "bytes", "Bytes of these records", Readings::bytes);
            count(meters, readings, "artifacts", "Modules and bundles of files brought here", Readings::artifacts);
            count(meters, readings, "failures", "Attempts that had to be repeated", Readings::failures);
            count(meters, readings, "compares", "Comparisons of the whole copy", Readings::compares);
            count(meters, readings, "alarms", "Times the copy could not simply go on", Readings::alarms);
            count(meters, readings, "drops", "Records that originated in a third region", Readings::drops);
        }
    }

    private static void count(
            MeterRegistry meters, Readings readings, String name, String description, ToDoubleFunction<Readings> of) {
        FunctionCounter.builder("photon.replicator." + name, readings, of)
                .description(description)
                .tag(ORIGIN, readings.origin())
                .register(meters);
    }

    private static double lag(Readings readings) {
        var known = readings.lag();
        return known.isPresent() ? known.getAsLong() : Double.NaN;
    }
}
