package dev.photon.registry;

import java.util.ArrayList;
import java.util.List;

/**
 * What changed about a function, the newest last. Immutable.
 *
 * @param entries the last 100, or fewer when they have many targets
 */
public record History(String function, List<Entry> entries) {
    private static final int MAX_ENTRIES = 100;

    /** Of all entries together, so that a history fits a record with room to spare. */
    private static final int MAX_TARGETS = 1_000;

    public enum Action {
        VERSION_DEPLOYED,
        VERSION_DELETED,
        FUNCTION_DELETED,
        ALIAS_SET,
        ALIAS_DELETED,
        TRIGGER_PAUSED,
        TRIGGER_RESUMED,
        TRIGGER_SOUGHT
    }

    /**
     * One change.
     *
     * @param at milliseconds since 1970-01-01T00:00Z, by the registry's clock
     * @param by who wished it, or {@code kafka} when a record did not say
     * @param subject the version, the alias or the trigger's topic; empty for the whole function
     * @param targets what an alias stood for from then on; empty for other changes
     */
    public record Entry(long at, String by, Action action, String subject, List<Alias.Target> targets) {
        public Entry {
            targets = List.copyOf(targets);
        }
    }

    public History {
        entries = List.copyOf(entries);
    }

    static History none(String function) {
        return new History(function, List.of());
    }

    History with(List<Entry> more) {
        var all = new ArrayList<>(entries);
        all.addAll(more);
        var first = all.size();
        var targets = 0;
        while (first > 0 && all.size() - first < MAX_ENTRIES) {
            targets += all.get(first - 1).targets().size();
            if (targets > MAX_TARGETS) {
                break;
            }
            first--;
        }
        return new History(function, all.subList(first, all.size()));
    }
}
