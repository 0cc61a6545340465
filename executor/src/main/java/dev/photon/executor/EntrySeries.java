package dev.photon.executor;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;

/**
 * The counters of entry topics. There is a bound to them: those that come after so many are counted together. They stay
 * when a topic is declared anew, so that they never go back. Thread-safe.
 */
final class EntrySeries {
    private static final String OTHERS = "other";

    private final MeterRegistry meters;
    private final int most;
    private final Map<String, EntryMeters> known = new HashMap<>();

    /** @param most topics that are counted each by itself */
    EntrySeries(MeterRegistry meters, int most) {
        this.meters = meters;
        this.most = most;
    }

    synchronized EntryMeters of(String name) {
        var series = known.containsKey(name) || known.size() < most ? name : OTHERS;
        return known.computeIfAbsent(series, absent -> new EntryMeters(meters, Tags.of("entry", series)));
    }
}
