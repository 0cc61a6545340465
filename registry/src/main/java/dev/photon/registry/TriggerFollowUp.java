package dev.photon.registry;

import dev.photon.protocol.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to what no command of this region decided: triggers of versions that another region deployed or deleted, those
 * whose topic could not be read, and the groups of those that are gone. Confined to the registry's thread.
 */
final class TriggerFollowUp {
    private static final Logger LOG = LoggerFactory.getLogger(TriggerFollowUp.class);

    /** From one look to the next. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** Until what was refused is tried again. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    /** Brokers keep the commits of a group that nobody is in for a week, unless told otherwise. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    /** Functions at a time, so that commands do not wait. */
    private static final int MOST_FOLLOWED = 20;

    /** States in a transaction. */
    private static final int SLICE = 100;

    private final FunctionView view;
    private final DecisionLog log;
    private final TriggerDecider decider;
    private final TriggerGroups groups;
    private final Topics topics;
    private final LongSupplier nanoTime;
    /** What cannot begin, and when that was found out. */
    private final Map<TriggerDecider.Missing, Long> refused = new HashMap<>();

    private long looked;
    private long remembered;
    /** Of the view, when all of it was looked at; negative before. */
    private long seen = -1;

    /**
     * @param nanoTime as {@link System#nanoTime} tells it
     */
    TriggerFollowUp(
            FunctionView view,
            DecisionLog log,
            TriggerDecider decider,
            TriggerGroups groups,
            Topics topics,
            LongSupplier nanoTime) {
        this.view = view;
        this.log = log;
        this.decider = decider;
        this.groups = groups;
        this.topics = topics;
        this.nanoTime = nanoTime;
        this.looked = nanoTime.getAsLong();
        this.remembered = looked;
    }

    /**
     * Takes a step now and then.
     *
     * @throws org.apache.kafka.common.KafkaException when what was decided could not be written; the term is over then,
     *     for another registry may have taken over
     */
    void look() throws InterruptedException {
        if (isWithin(looked, PAUSE)) {
            return;
        }
        if (refused.values().removeIf(at -> !isWithin(at, RETRY))) {
            seen = -1;
        }
        var read = view.read();
        if (read != seen) {
            var unsettled = unsettled();
            follow(unsettled.subList(0, Math.min(unsettled.size(), MOST_FOLLOWED)));
            if (unsettled.size() > MOST_FOLLOWED) {
                return;
            }
            seen = read;
        }
        if (!isWithin(remembered, REMEMBERED)) {
            remembered = nanoTime.getAsLong();
            commit(remembered());
        }
        var ended = view.positions().ended() + view.endedEntries();
        groups.look(neededGroups(), ended);
        looked = nanoTime.getAsLong();
    }

    private Set<String> neededGroups() {
        var ofTriggers = view.positions().all().stream().map(position -> position.group(topics));
        var ofEntries = view.entries().stream().map(entry -> entry.group(topics));
        return Stream.concat(ofTriggers, ofEntries).collect(Collectors.toSet());
    }

    private List<State> remembered() throws InterruptedException {
        try {
            return decider.remembered();
        } catch (Refused e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("how far groups are is remembered later");
            return List.of();
        }
    }

    /** Each of the states holds without the others. */
    private void commit(List<State> states) throws InterruptedException {
        for (int from = 0; from < states.size(); from += SLICE) {
            log.commit(states.subList(from, Math.min(from + SLICE, states.size())));
        }
    }

    private boolean isWithin(long since, Duration time) {
        return nanoTime.getAsLong() - since < time.toNanos();
    }

    private List<String> unsettled() {
        var functions = new TreeSet<String>();
        view.positions().all().forEach(position -> functions.add(position.function()));
        view.latest().stream()
                .filter(latest -> !latest.triggers().isEmpty())
                .forEach(latest -> functions.add(latest.name()));
        functions.removeIf(this::isSettled);
        return List.copyOf(functions);
    }

    private boolean isSettled(String function) {
        var rules = decider.rules(view.latest(function));
        return decider.ended(function, rules).isEmpty()
                && missing(function, rules).isEmpty();
    }

    /** Without what was refused a moment ago. */
    private List<TriggerDecider.Missing> missing(String function, List<TriggerRule> rules) {
        return decider.missing(function, rules).stream()
                .filter(each -> !refused.containsKey(each))
                .toList();
    }

    /** All topics are asked for at once: what brokers do not tell costs one wait, not one for each. */
    private void follow(List<String> functions) throws InterruptedException {
        var states = new ArrayList<State>();
        var missing = new ArrayList<TriggerDecider.Missing>();
        for (var function : functions) {
            var rules = decider.rules(view.latest(function));
            states.addAll(decider.ended(function, rules));
            missing.addAll(missing(function, rules));
        }
        var beginning = decider.begin(missing);
        states.addAll(beginning.states());
        beginning.later().forEach((each, reason) -> {
            TriggerDecider.warn(each, reason);
            refused.put(each, nanoTime.getAsLong());
        });
        commit(states);
    }
}
