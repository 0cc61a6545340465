package dev.photon.registry;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.photon.protocol.EntryRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;

/**
 * What an operator wishes of an entry topic.
 *
 * @param partitions of the topic, if it is made; empty for as many as the region's other topics have
 * @param retentionHours how long the topic keeps records, if it is made; empty for a day
 * @param start where reading begins, if the topic was there before; empty for its end
 */
record EntryDescription(
        EntryRule rule,
        Optional<Integer> partitions,
        Optional<Integer> retentionHours,
        Optional<TriggerRule.Start> start) {
    static final int RETENTION_HOURS = 24;
    static final int MOST_NAMES = 100;

    private static final int MOST_PARTITIONS = 1_000;
    /** Brokers keep the commits of a group that nobody is in for a week: what is older must be gone by then. */
    private static final int MOST_RETENTION_HOURS = 24 * 7;

    private static final Pattern FUNCTION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
    private static final Set<String> KEYS = Set.of(
            "functions", "replyTopics", "deadlineMillis", "rate", "burst", "partitions", "retentionHours", "start");

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Reads such as {@code {"functions": ["resize"], "replyTopics": ["shop.replies"], "rate": 100}}. */
    static EntryDescription parse(byte[] json) throws Refused {
        var root = read(json);
        for (var property : root.properties()) {
            if (!KEYS.contains(property.getKey())) {
                throw new Refused("an entry topic has no '%s': there are %s"
                        .formatted(
                                Refused.shortened(property.getKey()),
                                String.join(", ", KEYS.stream().sorted().toList())));
            }
        }
        var rate = number(root, "rate", 0, 1, EntryRule.MOST_RECORDS);
        var burst = number(root, "burst", rate, 1, EntryRule.MOST_RECORDS);
        if (rate == 0 && burst > 0) {
            throw new Refused("a burst is taken beside a rate: say both, or none");
        }
        var rule = new EntryRule(
                functions(names(root, "functions")),
                replyTopics(names(root, "replyTopics")),
                number(root, "deadlineMillis", 0, 1, (int) EntryRule.LONGEST_MILLIS),
                rate,
                burst);
        return new EntryDescription(
                rule,
                number(root, "partitions", MOST_PARTITIONS),
                number(root, "retentionHours", MOST_RETENTION_HOURS),
                start(root));
    }

    private static Optional<Integer> number(JsonNode root, String key, int most) throws Refused {
        return Optional.of(number(root, key, 0, 1, most)).filter(number -> number > 0);
    }

    private static JsonNode read(byte[] json) throws Refused {
        try {
            var root = JSON.readTree(json);
            if (root != null && root.isObject()) {
                return root;
            }
        } catch (IOException e) {
            // It is none, as below.
        }
        throw new Refused("the description of the entry topic is not a JSON object");
    }

    private static List<String> functions(List<String> names) throws Refused {
        if (names.isEmpty()) {
            throw new Refused("functions must name those that may be called, or be [\"*\"] for all");
        }
        if (names.equals(List.of(EntryRule.ALL))) {
            return names;
        }
        for (var name : names) {
            if (!FUNCTION.matcher(name).matches()) {
                throw new Refused("functions has '%s', which is no function's name".formatted(Refused.shortened(name)));
            }
        }
        return names;
    }

    private static List<String> replyTopics(List<String> names) throws Refused {
        for (var name : names) {
            try {
                Topic.validate(name);
            } catch (InvalidTopicException e) {
                throw new Refused("replyTopics has '%s', which is no topic's name".formatted(Refused.shortened(name)));
            }
        }
        return names;
    }

    private static List<String> names(JsonNode root, String key) throws Refused {
        var names = new ArrayList<String>();
        var list = root.path(key);
        if (!list.isMissingNode() && !list.isArray()) {
            throw new Refused(key + " must be an array of names");
        }
        for (var name : list) {
            if (!name.isTextual()) {
                throw new Refused(key + " must be an array of names");
            }
            names.add(name.asText());
        }
        if (names.size() > MOST_NAMES || new HashSet<>(names).size() < names.size()) {
            throw new Refused("%s must have at most %d names, each once".formatted(key, MOST_NAMES));
        }
        return List.copyOf(names);
    }

    private static int number(JsonNode root, String key, int fallback, int least, int most) throws Refused {
        var value = root.path(key);
        if (value.isMissingNode()) {
            return fallback;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < least || value.asInt() > most) {
            throw new Refused("%s must be a whole number from %d to %d".formatted(key, least, most));
        }
        return value.asInt();
    }

    private static Optional<TriggerRule.Start> start(JsonNode root) throws Refused {
        var text = root.path("start");
        var start = TriggerRule.Start.parse(text.asText());
        if (!text.isMissingNode() && start.isEmpty()) {
            throw new Refused("start must be \"latest\", \"earliest\" or a time such as \"2026-01-31T12:00:00Z\"");
        }
        return start;
    }
}
