package dev.photon.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;

/** The tables {@code [[triggers]]} of a {@code photoniq.toml}. */
final class TriggerSettings {
    private static final String NAME = "triggers";
    private static final String ON_ERROR = "on_error";
    private static final String DEAD_LETTER = "dead_letter";
    private static final Set<String> KEYS =
            Set.of("topic", "start", "ordering", "concurrency", "output", "delivery", ON_ERROR);
    private static final Set<String> ERROR_KEYS = Set.of("retries", "backoff_ms", DEAD_LETTER);

    private static final int MAX_TRIGGERS = 20;
    private static final int DEFAULT_CONCURRENCY = 100;

    private TriggerSettings() {}

    static List<TriggerRule> triggers(JsonNode tables) throws Refused {
        if (!tables.isMissingNode() && !tables.isArray()) {
            throw new Refused("triggers must be tables [[triggers]]");
        }
        if (tables.size() > MAX_TRIGGERS) {
            throw new Refused("a function has at most " + MAX_TRIGGERS + " triggers");
        }
        var triggers = new ArrayList<TriggerRule>();
        var topics = new HashSet<String>();
        for (var table : tables) {
            var trigger = trigger(new TomlTable(NAME, table));
            if (!topics.add(trigger.topic())) {
                throw new Refused("triggers.topic: '" + trigger.topic() + "' has two triggers of one function");
            }
            triggers.add(trigger);
        }
        return triggers;
    }

    private static TriggerRule trigger(TomlTable table) throws Refused {
        requireKnown(
                table,
                KEYS,
                "[[triggers]] has topic, start, ordering, concurrency, output, delivery and on_error, but no '%s'");
        var topic = topic(table, "topic")
                .orElseThrow(() -> new Refused("a trigger needs a topic: [[triggers]] topic = \"orders\""));
        var output = topic(table, "output");
        var onError = onError(table);
        requireNoLoop(topic, "triggers.output", output);
        requireNoLoop(topic, "triggers.on_error.dead_letter", onError.deadLetter());
        var delivery = delivery(table);
        if (delivery == TriggerRule.Delivery.EXACTLY_ONCE && output.isEmpty()) {
            throw new Refused("triggers.delivery: \"exactly-once\" is about what goes to an output, and there is none:"
                    + " name one, or take \"at-least-once\"");
        }
        return new TriggerRule(
                topic,
                start(table),
                ordering(table),
                table.number("concurrency", DEFAULT_CONCURRENCY, 1, TriggerRule.MOST_CONCURRENCY),
                output,
                delivery,
                onError);
    }

    /** A word that is overlooked would lose, or repeat, what was meant to be kept. */
    private static void requireKnown(TomlTable table, Set<String> known, String sentence) throws Refused {
        for (var entry : table.node().properties()) {
            if (!known.contains(entry.getKey())) {
                throw new Refused(sentence.formatted(Refused.shortened(entry.getKey())));
            }
        }
    }

    private static void requireNoLoop(String topic, String key, Optional<String> written) throws Refused {
        if (written.equals(Optional.of(topic))) {
            throw new Refused(key + " is the trigger's own topic '" + topic + "': it would run without end");
        }
    }

    private static Optional<String> topic(TomlTable table, String key) throws Refused {
        if (!table.has(key)) {
            return Optional.empty();
        }
        var topic = table.text(key, "");
        try {
            Topic.validate(topic);
            return Optional.of(topic);
        } catch (InvalidTopicException e) {
            throw new Refused(
                    "%s.%s must be 1 to 249 letters, digits, '.', '_' and '-', and neither '.' nor '..', but not '%s'"
                            .formatted(table.name(), key, Refused.shortened(topic)));
        }
    }

    private static TriggerRule.Start start(TomlTable table) throws Refused {
        var text = table.text("start", "latest");
        return TriggerRule.Start.parse(text)
                .orElseThrow(() -> new Refused(
                        "triggers.start must be \"latest\", \"earliest\" or a time such as \"2026-01-31T12:00:00Z\", not '"
                                + Refused.shortened(text) + "'"));
    }

    private static TriggerRule.Ordering ordering(TomlTable table) throws Refused {
        return switch (table.text("ordering", "key")) {
            case "key" -> TriggerRule.Ordering.KEY;
            case "none" -> TriggerRule.Ordering.NONE;
            default -> throw new Refused("triggers.ordering must be \"key\" or \"none\"");
        };
    }

    private static TriggerRule.Delivery delivery(TomlTable table) throws Refused {
        return switch (table.text("delivery", "at-least-once")) {
            case "at-least-once" -> TriggerRule.Delivery.AT_LEAST_ONCE;
            case "at-most-once" -> TriggerRule.Delivery.AT_MOST_ONCE;
            case "exactly-once" -> TriggerRule.Delivery.EXACTLY_ONCE;
            default ->
                throw new Refused("triggers.delivery must be \"at-least-once\", \"at-most-once\" or \"exactly-once\"");
        };
    }

    private static TriggerRule.OnError onError(TomlTable table) throws Refused {
        var node = table.node().path(ON_ERROR);
        if (!node.isMissingNode() && !node.isObject()) {
            throw new Refused("triggers.on_error must be a table such as { retries = 3, backoff_ms = 1000 }");
        }
        var onError = new TomlTable(NAME + "." + ON_ERROR, node);
        requireKnown(onError, ERROR_KEYS, "triggers.on_error has retries, backoff_ms and dead_letter, but no '%s'");
        return new TriggerRule.OnError(
                onError.number("retries", TriggerRule.OnError.DEFAULT.retries(), 0, TriggerRule.OnError.MOST_RETRIES),
                onError.number(
                        "backoff_ms",
                        TriggerRule.OnError.DEFAULT.backoffMillis(),
                        1,
                        TriggerRule.OnError.LONGEST_BACKOFF_MILLIS),
                topic(onError, DEAD_LETTER));
    }
}
