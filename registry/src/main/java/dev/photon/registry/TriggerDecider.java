package dev.photon.registry;

import dev.photon.protocol.Command;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.RegionConfig;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides where this region reads topics for functions. A trigger keeps its position as long as the latest version asks
 * for its topic, whatever else that says. Confined to the registry's thread.
 */
final class TriggerDecider {
    private static final Logger LOG = LoggerFactory.getLogger(TriggerDecider.class);

    /** Each is a group of its own. */
    private static final int MAX_TRIGGERS = 1_000;

    private final RegionConfig region;
    private final FunctionView view;
    private final TopicOffsets offsets;
    private final Histories history;
    private final Clock clock;

    TriggerDecider(RegionConfig region, FunctionView view, TopicOffsets offsets, Clock clock) {
        this.region = region;
        this.view = view;
        this.offsets = offsets;
        this.history = new Histories(view, clock);
        this.clock = clock;
    }

    /** Of a version that is to be deployed. */
    void requireAllowed(FunctionConfig function, boolean hasModule) throws Refused {
        if (!function.triggers().isEmpty() && !hasModule) {
            throw new Refused("a site without a function runs nothing: leave [[triggers]] out");
        }
        for (var rule : function.triggers()) {
            requireNotReserved("topic", Optional.of(rule.topic()));
            requireNotReserved("output", rule.output());
            requireNotReserved("on_error.dead_letter", rule.onError().deadLetter());
        }
    }

    private void requireNotReserved(String key, Optional<String> topic) throws Refused {
        if (topic.filter(region.plan()::isReserved).isPresent()) {
            throw new Refused("triggers.%s: '%s' is the platform's own, or Kafka's"
                    .formatted(key, Refused.shortened(topic.get())));
        }
    }

    /** What that version has this region read. */
    List<TriggerRule> rules(Optional<Manifest> latest) {
        return latest
                .filter(manifest -> manifest.placement().includes(region.name()))
                .map(Manifest::triggers)
                .orElse(List.of())
                .stream()
                .filter(rule -> !region.plan().isReserved(rule.topic()))
                .toList();
    }

    /** A topic that a function is to read, and has no position in yet. */
    record Missing(String function, TriggerRule rule) {
        private TopicOffsets.Wanted wanted() {
            return new TopicOffsets.Wanted(rule.topic(), rule.start());
        }
    }

    /**
     * What comes of topics that are to be read.
     *
     * @param later why those begin later that do not begin now
     */
    record Beginning(List<State> states, Map<Missing, Refused> later) {}

    List<Missing> missing(String function, List<TriggerRule> rules) {
        return rules.stream()
                .filter(rule -> view.positions().of(function, rule.topic()).isEmpty())
                .map(rule -> new Missing(function, rule))
                .toList();
    }

    /** Asks for all of them at once. */
    Beginning begin(List<Missing> missing) throws InterruptedException {
        var states = new ArrayList<State>();
        var later = new LinkedHashMap<Missing, Refused>();
        var room = Math.max(0, MAX_TRIGGERS - view.positions().all().size());
        var now = missing.subList(0, Math.min(room, missing.size()));
        missing.subList(now.size(), missing.size())
                .forEach(each -> later.put(each, new Refused("a region has at most " + MAX_TRIGGERS + " triggers")));
        if (now.isEmpty()) {
            return new Beginning(states, later);
        }
        var starts = offsets.starts(now.stream().map(Missing::wanted).collect(Collectors.toSet()));
        var generation = nextGeneration();
        for (var each : now) {
            switch (starts.get(each.wanted())) {
                case Learnt.Known<List<Long>> known ->
                    states.add(new State.Triggered(new TriggerPosition(
                            each.function(), each.rule().topic(), generation, known.value(), false)));
                case Learnt.Unknown<List<Long>> unknown -> later.put(each, unknown.reason());
            }
        }
        return new Beginning(states, later);
    }

    /**
     * The states that follow when this is what a function reads.
     *
     * @throws Refused when a new trigger's topic cannot be read
     */
    List<State> following(String function, List<TriggerRule> rules) throws Refused, InterruptedException {
        var states = new ArrayList<>(ended(function, rules));
        var beginning = begin(missing(function, rules));
        if (!beginning.later().isEmpty()) {
            throw beginning.later().values().iterator().next();
        }
        states.addAll(beginning.states());
        return states;
    }

    /**
     * The same where something else was decided, which must not fail for it: what cannot be read is read later.
     *
     * @param functions what each of them reads
     */
    List<State> followingAsFarAsPossible(Map<String, List<TriggerRule>> functions) throws InterruptedException {
        var states = new ArrayList<State>();
        var missing = new ArrayList<Missing>();
        functions.forEach((function, rules) -> {
            states.addAll(ended(function, rules));
            missing.addAll(missing(function, rules));
        });
        var beginning = begin(missing);
        states.addAll(beginning.states());
        beginning.later().forEach(TriggerDecider::warn);
        return states;
    }

    static void warn(Missing missing, Refused reason) {
        LOG.atWarn()
                .addKeyValue("function", missing.function())
                .addKeyValue("topic", missing.rule().topic())
                .addKeyValue("reason", reason.getMessage())
                .log("a trigger begins later");
    }

    /** Of triggers that the function does not have any more. */
    List<State> ended(String function, List<TriggerRule> rules) {
        return view.positions().of(function).stream()
                .map(TriggerPosition::topic)
                .filter(topic -> rules.stream().noneMatch(rule -> rule.topic().equals(topic)))
                .<State>map(topic -> new State.NoTrigger(function, topic))
                .toList();
    }

    /**
     * Starts moved to what is finished, of triggers and entry topics that nobody reads now: Kafka forgets the commits of a
     * group that is empty for long. What cannot be read is left as it is.
     *
     * @throws Refused when it cannot be known now which those are
     */
    List<State> remembered() throws Refused, InterruptedException {
        var states = new ArrayList<State>();
        moved(view.positions().all()).forEach(position -> states.add(new State.Triggered(position)));
        moved(view.entries()).forEach(entry -> states.add(new State.Entry(entry)));
        return states;
    }

    private <T extends Reading<T>> List<T> moved(List<T> readings) throws Refused, InterruptedException {
        var all = new ArrayList<T>();
        for (var read : offsets.commits(offsets.idle(readings)).entrySet()) {
            var reading = read.getKey();
            switch (read.getValue()) {
                case Learnt.Known<Map<Integer, Long>> commits -> {
                    var moved = reading.finished(commits.value());
                    if (!moved.equals(reading)) {
                        all.add(moved);
                    }
                }
                case Learnt.Unknown<Map<Integer, Long>> unknown ->
                    LOG.atWarn()
                            .addKeyValue("group", reading.group(region.topics()))
                            .addKeyValue("reason", unknown.reason().getMessage())
                            .log("how far a group is is remembered later");
            }
        }
        return all;
    }

    /** After all that the region has seen, and before the stamp of the decision. */
    private long nextGeneration() {
        return Stamp.next(clock.millis(), view.latestStamp());
    }

    Verdict change(Command.TriggerChange change, String by) throws Refused, InterruptedException {
        var position = view.positions()
                .of(change.function(), change.topic())
                .orElseThrow(() -> new Refused(
                        ErrorKind.NOT_FOUND,
                        "there is no trigger of the topic '%s' for a function '%s'"
                                .formatted(Refused.shortened(change.topic()), Refused.shortened(change.function()))));
        return switch (change) {
            case Command.PauseTrigger pause ->
                changed(position, position.pausing(true), History.Action.TRIGGER_PAUSED, by);
            case Command.ResumeTrigger resume ->
                changed(position, position.pausing(false), History.Action.TRIGGER_RESUMED, by);
            case Command.SeekTrigger seek -> {
                var starts = TriggerSeek.parse(seek.to()).starts(position, offsets);
                var sought = new TriggerPosition(
                        position.function(), position.topic(), nextGeneration(), starts, position.paused());
                yield changed(position, sought, History.Action.TRIGGER_SOUGHT, by);
            }
        };
    }

    private Verdict changed(TriggerPosition before, TriggerPosition after, History.Action action, String by) {
        if (before.equals(after)) {
            return new Verdict.Accepted(after.function(), List.of());
        }
        var entry = history.entry(by, action, after.topic(), List.of());
        return new Verdict.Accepted(
                after.function(), List.of(new State.Triggered(after), history.past(after.function(), List.of(entry))));
    }

    /** What an author should know of new triggers. */
    static List<String> warnings(List<State> following) {
        return following.stream()
                .filter(State.Triggered.class::isInstance)
                .map(state -> ((State.Triggered) state).position())
                .filter(position -> position.starts().isEmpty())
                .map(position -> "there is no topic '" + position.topic() + "' yet, so it is read from its begin")
                .sorted()
                .toList();
    }
}
