package dev.photon.registry;

import java.time.Clock;
import java.util.List;

/** What is written down of a change, beside what it changes. */
final class Histories {
    private final FunctionView view;
    private final Clock clock;

    Histories(FunctionView view, Clock clock) {
        this.view = view;
        this.clock = clock;
    }

    History.Entry entry(String by, History.Action action, String subject, List<Alias.Target> targets) {
        return new History.Entry(clock.millis(), by, action, subject, targets);
    }

    State past(String function, List<History.Entry> entries) {
        return new State.Past(view.ownHistory(function).with(entries));
    }
}
