package dev.photon.executor;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;

/**
 * The counters of triggers. There is a bound to them: those that come after so many are counted together. They stay when
 * a trigger is changed, so that they never go back. Thread-safe.
 */
final class TriggerSeries {
    private static final String OTHERS = "other";

    private final MeterRegistry meters;
    private final int most;
    private final Map<Tags, TriggerMeters> known = new HashMap<>();

    /** @param most triggers that are counted each by itself */
    TriggerSeries(MeterRegistry meters, int most) {
        this.meters = meters;
        this.most = most;
    }

    synchronized TriggerMeters of(String function, String topic) {
        var own = tags(function, topic);
        var tags = known.containsKey(own) || known.size() < most ? own : tags(OTHERS, OTHERS);
        return known.computeIfAbsent(tags, absent -> new TriggerMeters(meters, tags));
    }

    private static Tags tags(String function, String topic) {
        return Tags.of("function", function, "topic", topic);
    }
}
