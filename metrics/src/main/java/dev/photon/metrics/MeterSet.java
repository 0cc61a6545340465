package dev.photon.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The meters of one version of a function, which come and go together. Thread-safe. Meters that were had from it may be
 * used after it is closed; nobody sees them any more.
 */
public final class MeterSet {
    private final String function;
    private final String version;
    private final Tags tags;
    private final List<Meter> registered = new ArrayList<>();
    private MeterRegistry meters;

    MeterSet(MeterRegistry meters, String function, String version) {
        this.meters = meters;
        this.function = function;
        this.version = version;
        this.tags = Tags.of("function", function, "version", version);
    }

    /** Whose meters they are; {@value VersionSeries#OTHERS} for all together that have none of their own. */
    public String function() {
        return function;
    }

    /** Empty for all together. */
    public String version() {
        return version;
    }

    /**
     * @param buckets the upper bounds that a histogram has, the same in all instances, so that these can be added up;
     *     none for a timer that knows only how often, how long together and how long at most
     */
    public synchronized Timer timer(String name, String description, Duration... buckets) {
        return keep(Timer.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(buckets)
                .register(meters));
    }

    public synchronized Counter counter(String name, String description) {
        return keep(Counter.builder(name).description(description).tags(tags).register(meters));
    }

    /** Of one name, told apart by one more label. */
    public synchronized Counter counter(String name, String description, String label, String value) {
        return keep(Counter.builder(name)
                .description(description)
                .tags(tags)
                .tag(label, value)
                .register(meters));
    }

    public synchronized Counter bytes(String name, String description) {
        return keep(Counter.builder(name)
                .description(description)
                .baseUnit("bytes")
                .tags(tags)
                .register(meters));
    }

    /** The supplier is kept, and asked whenever somebody looks. */
    public synchronized void gauge(String name, String description, Supplier<Number> value) {
        keep(Gauge.builder(name, value).description(description).tags(tags).register(meters));
    }

    private <M extends Meter> M keep(M meter) {
        registered.add(meter);
        return meter;
    }

    /** What is made from now on counts for nobody: another set may have the same labels by then. */
    synchronized void close() {
        registered.forEach(meters::remove);
        registered.clear();
        meters = new CompositeMeterRegistry();
    }
}
