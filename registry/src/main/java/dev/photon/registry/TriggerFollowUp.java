package dev.photon.registry;

import dev.photon.protocol.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
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

    /** At a time, so that commands do not wait. */
    private static final int MOST_FOLLOWED = 20;

    private final FunctionView view;
    private final DecisionLog log;
    private final TriggerDecider decider;
    private final TriggerGroups groups;
    private final Topics topics;
    private final Set<String> refused = new HashSet<>();
    private long refusedAt = System.nanoTime();
    private long looked = System.nanoTime();
    private long remembered = System.nanoTime();
    /** Of the view, when all of it was looked at; negative before. */
    private long seen = -1;

    TriggerFollowUp(FunctionView view, DecisionLog log, TriggerDecider decider, TriggerGroups groups, Topics topics) {
        this.view = view;
        this.log = log;
        this.decider = decider;
        this.groups = groups;
        this.topics = topics;
    }

    /** Takes a step now and then. */
    void look() throws InterruptedException {
        if (isWithin(looked, PAUSE)) {
            return;
        }
        if (!refused.isEmpty() && !isWithin(refusedAt, RETRY)) {
            refused.clear();
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
            remembered = System.nanoTime();
            remember();
        }
        var ended = view.positions().ended();
        var needed = view.positions().all().stream()
                .map(position -> topics.triggerGroup(position.function(), position.topic()))
                .collect(Collectors.toSet());
        groups.look(needed, ended);
        looked = System.nanoTime();
    }

    private void remember() throws InterruptedException {
        try {
            var moved = decider.remembered();
            if (!moved.isEmpty()) {
                log.commit(moved);
            }
        } catch (Refused | KafkaException e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("how far triggers are is remembered later");
        }
    }

    private static boolean isWithin(long since, Duration time) {
        return System.nanoTime() - since < time.toNanos();
    }

    private List<String> unsettled() {
        var functions = new TreeSet<String>();
        view.positions().all().forEach(position -> functions.add(position.function()));
        view.latest().stream()
                .filter(latest -> !latest.triggers().isEmpty())
                .forEach(latest -> functions.add(latest.name()));
        functions.removeAll(refused);
        functions.removeIf(function -> decider.isSettled(function, decider.rules(view.latest(function))));
        return List.copyOf(functions);
    }

    private void follow(List<String> functions) throws InterruptedException {
        var states = new ArrayList<State>();
        for (var function : functions) {
            var rules = decider.rules(view.latest(function));
            try {
                states.addAll(decider.following(function, rules));
            } catch (Refused e) {
                states.addAll(decider.ended(function, rules));
                refused.add(function);
                refusedAt = System.nanoTime();
                LOG.atWarn()
                        .addKeyValue("function", function)
                        .addKeyValue("reason", e.getMessage())
                        .log("a trigger cannot begin now");
            }
        }
        if (!states.isEmpty()) {
            log.commit(states);
        }
    }
}
