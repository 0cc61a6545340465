package dev.photon.ingress;

import dev.photon.ingress.overflow.OtherRegion;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What an ingress measures of other regions, and of the calls that it forwards to them. Thread-safe. */
final class ForwardMeters {
    private final Map<String, Map<Outcome, Counter>> forwarded = new HashMap<>();

    /** What became of a call that was to be forwarded. */
    enum Outcome {
        /** With whatever status. */
        ANSWERED,
        /** It could not be sent there. */
        UNREACHABLE,
        /** Another region was asked then, or the client was told, for nothing had run there. */
        REFUSED,
        /** It was sent, and its answer did not come, or not all of it. */
        BROKEN,
        TIMEOUT,
        /** The client went away. */
        ABANDONED
    }

    /**
     * @param regions kept by whoever calls
     */
    ForwardMeters(MeterRegistry meters, List<OtherRegion> regions) {
        for (var region : regions) {
            forwarded.put(region.name(), counters(meters, region.name()));
            Gauge.builder("photon.ingress.region.open", region, other -> other.isOpen() ? 1 : 0)
                    .description("1 while calls may be forwarded there")
                    .tag("region", region.name())
                    .register(meters);
            Gauge.builder("photon.ingress.region.round.trip.seconds", region, ForwardMeters::seconds)
                    .description("How far away it is, by what probes took")
                    .tag("region", region.name())
                    .register(meters);
        }
    }

    private static Map<Outcome, Counter> counters(MeterRegistry meters, String region) {
        var counters = new EnumMap<Outcome, Counter>(Outcome.class);
        for (var outcome : Outcome.values()) {
            counters.put(
                    outcome,
                    Counter.builder("photon.ingress.forwarded")
                            .description("Calls that were sent on to another region")
                            .tag("region", region)
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .register(meters));
        }
        return counters;
    }

    private static double seconds(OtherRegion region) {
        return region.roundTrip().map(time -> time.toNanos() / 1e9).orElse(Double.NaN);
    }

    void count(OtherRegion region, Outcome outcome) {
        forwarded.get(region.name()).get(outcome).increment();
    }
}
