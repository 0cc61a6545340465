package dev.photon.cli;

import dev.photon.registry.Registry;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;

/** What an operator sees of a registry, which itself only counts. */
final class RegistryMeters {
    private RegistryMeters() {}

    /** Whoever calls keeps the registry. */
    static void bind(Registry registry, MeterRegistry meters) {
        Gauge.builder("photon.registry.active", registry, it -> it.active() ? 1 : 0)
                .description("1 in the one registry of a region that decides")
                .register(meters);
        Gauge.builder("photon.registry.ready", registry, it -> it.ready() ? 1 : 0)
                .description("1 while this registry decides, or would if the one that does went away")
                .register(meters);
        Gauge.builder("photon.registry.position", registry, RegistryMeters::position)
                .description("The next offset of the functions' log to be read; NaN unless active")
                .register(meters);
        FunctionTimer.builder(
                        "photon.registry.decisions",
                        registry,
                        Registry::decisions,
                        Registry::decisionNanos,
                        TimeUnit.NANOSECONDS)
                .description("Commands that were decided, refused ones included")
                .register(meters);
        FunctionCounter.builder("photon.registry.refusals", registry, Registry::refusals)
                .description("Commands that were refused")
                .register(meters);
        FunctionCounter.builder("photon.registry.commands.malformed", registry, Registry::malformedRecords)
                .description("Records skipped because they are no commands")
                .register(meters);
    }

    private static double position(Registry registry) {
        var known = registry.position();
        return known.isPresent() ? known.getAsLong() : Double.NaN;
    }
}
