package dev.photon.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.photon.protocol.TopicPlan;
import java.util.Set;
import java.util.regex.Pattern;

/** The table {@code [events]} of a {@code photoniq.toml}: what a function may publish of its own accord. */
final class EventSettings {
    static final String TABLE = "events";
    static final Set<String> KEYS = Set.of("topics", "max_events", "max_bytes");

    private static final Manifest.Events DEFAULT = Manifest.Events.NONE;

    /** Kafka's rule ({@code Topic.validate}). */
    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

    private EventSettings() {}

    static Manifest.Events events(JsonNode root) throws Refused {
        var table = TomlTable.of(root, TABLE);
        return new Manifest.Events(
                table.texts("topics", TOPIC).stream().distinct().sorted().toList(),
                table.number("max_events", DEFAULT.most(), 1, Manifest.Events.MOST_EVENTS),
                table.bytes("max_bytes", DEFAULT.bytes(), 1, Manifest.Events.MOST_BYTES));
    }

    /** Whether a run of it stands alone, so that its events may leave before its record is finished. */
    private static boolean mayPublish(TriggerRule rule) {
        return switch (rule.delivery()) {
            case AT_LEAST_ONCE, AT_MOST_ONCE -> true;
            case EXACTLY_ONCE -> false;
        };
    }

    /** Of a version that is to be deployed in a region. */
    static void requireAllowed(FunctionConfig function, TopicPlan plan) throws Refused {
        var topics = function.outbound().events().topics();
        if (!topics.isEmpty() && !function.triggers().stream().allMatch(EventSettings::mayPublish)) {
            throw new Refused(
                    "events.topics: what a function publishes is no part of the transaction of an exactly-once"
                            + " trigger: leave [events] out, and answer with the output");
        }
        for (var topic : topics) {
            if (plan.isReserved(topic)) {
                throw new Refused(
                        "events.topics: '%s' is the platform's own, or Kafka's".formatted(Refused.shortened(topic)));
            }
            if (function.triggers().stream().anyMatch(rule -> rule.topic().equals(topic))) {
                throw new Refused("events.topics: the function has a trigger for '%s' itself: it would run without end"
                        .formatted(topic));
            }
        }
    }
}
