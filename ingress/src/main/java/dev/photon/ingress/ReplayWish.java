package dev.photon.ingress;

import dev.photon.protocol.TopicPlan;
import dev.photon.registry.FunctionView;
import dev.photon.registry.Manifest;
import dev.photon.registry.TriggerRule;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a request asks for that is to be replayed.
 *
 * @param version that is tried; empty for the latest
 * @param baseline that it is compared with; empty for the one that each record was for
 * @param from milliseconds since 1970, inclusive
 * @param to exclusive
 * @param trigger the topic of the trigger whose records are meant; empty for the function's calls
 * @param sink the topic for outputs; empty for a dry run
 */
record ReplayWish(
        Optional<String> version,
        Optional<String> baseline,
        long from,
        long to,
        Optional<String> trigger,
        Optional<String> sink) {
    private static final Set<String> NAMES = Set.of("version", "baseline", "from", "to", "trigger", "sink");
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    /**
     * @throws IllegalArgumentException with a sentence for the caller
     */
    static ReplayWish read(JsonObject body, Clock clock) {
        for (var name : body.fieldNames()) {
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException(
                        "'" + name + "' is none of " + NAMES.stream().sorted().toList());
            }
            if (!(body.getValue(name) instanceof String)) {
                throw new IllegalArgumentException("'" + name + "' is not a text");
            }
        }
        var parameters = new Parameters(body::getString);
        var from = time(parameters, "from")
                .orElseThrow(
                        () -> new IllegalArgumentException("'from' is missing, a time such as 2024-01-01T00:00:00Z"));
        var to = time(parameters, "to").orElseGet(clock::millis);
        if (from < 0 || from >= to) {
            throw new IllegalArgumentException("'from' is not before 'to'");
        }
        return new ReplayWish(
                parameters.text("version"),
                parameters.text("baseline"),
                from,
                to,
                parameters.text("trigger"),
                parameters.text("sink"));
    }

    private static Optional<Long> time(Parameters parameters, String name) {
        try {
            return parameters.time(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + name + "' is a time such as 2024-01-01T00:00:00Z", e);
        }
    }

    /**
     * Whether the topics are those of users, and the trigger is one of the function.
     *
     * @throws IllegalArgumentException with a sentence for the caller
     */
    void check(FunctionView view, String function, TopicPlan plan) {
        trigger.ifPresent(topic -> requireUsers(topic, plan));
        trigger.filter(topic -> !isOfTrigger(view, function, topic)).ifPresent(topic -> {
            throw new IllegalArgumentException("no version of '%s' has a trigger of '%s'".formatted(function, topic));
        });
        sink.ifPresent(topic -> {
            if (!TOPIC.matcher(topic).matches()) {
                throw new IllegalArgumentException("'" + topic + "' is no topic's name");
            }
            requireUsers(topic, plan);
            if (isOfTrigger(view, function, topic)) {
                throw new IllegalArgumentException("'%s' would run '%s' again".formatted(topic, function));
            }
        });
    }

    private static void requireUsers(String topic, TopicPlan plan) {
        if (plan.isReserved(topic)) {
            throw new IllegalArgumentException("'" + topic + "' is a reserved topic");
        }
    }

    private static boolean isOfTrigger(FunctionView view, String function, String topic) {
        return view.versions(function).stream()
                .map(Manifest::triggers)
                .flatMap(rules -> rules.stream().map(TriggerRule::topic))
                .anyMatch(topic::equals);
    }
}
