package dev.photon.ingress.deadletters;

import dev.photon.protocol.DeadLetter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Of all dead letters, the first so many in an order, while the log tells of them, replaces them and takes them off. Holds
 * no more than these. Confined to its thread.
 *
 * <pre>
 *   begin ─┐   kept: at most limit   ┌─ floor: the first that found no room
 *          ▼                         ▼
 *   ───────[─────────────────────────[──────────────────►  the order
 * </pre>
 *
 * From the floor on nothing is taken any more: if some of those that are kept were taken off, what came later would
 * otherwise stand behind something that is missing.
 */
final class Selection {
    private final Optional<Rank> begin;
    private final OptionalLong until;
    private final int limit;
    private final TreeMap<Rank, Summary> kept;
    private final Map<DeadLetter.Id, Rank> ranks = new HashMap<>();
    private Optional<Rank> floor = Optional.empty();

    /**
     * @param newestFirst the order
     * @param begin the first that is wanted, or would be, were it still there
     * @param until those that failed later are left out, in milliseconds since 1970; none when empty
     * @param limit at least 1
     */
    Selection(boolean newestFirst, Optional<Rank> begin, OptionalLong until, int limit) {
        this.kept = new TreeMap<>(newestFirst ? Comparator.<Rank>reverseOrder() : Comparator.<Rank>naturalOrder());
        this.begin = begin;
        this.until = until;
        this.limit = limit;
    }

    /** A dead letter, in place of what was told of its record before. */
    void put(Summary letter) {
        remove(letter.id());
        var rank = letter.rank();
        if (isOutside(rank)) {
            return;
        }
        kept.put(rank, letter);
        ranks.put(letter.id(), rank);
        if (kept.size() > limit) {
            var last = kept.pollLastEntry();
            ranks.remove(last.getValue().id());
            floor = Optional.of(last.getKey());
        }
    }

    /** There is none of this record any more. */
    void remove(DeadLetter.Id id) {
        var rank = ranks.remove(id);
        if (rank != null) {
            kept.remove(rank);
        }
    }

    private boolean isOutside(Rank rank) {
        var order = kept.comparator();
        return (until.isPresent() && rank.failedAt() > until.getAsLong())
                || (begin.isPresent() && order.compare(rank, begin.get()) < 0)
                || (floor.isPresent() && order.compare(rank, floor.get()) >= 0);
    }

    List<Summary> letters() {
        return List.copyOf(kept.values());
    }

    /** The first of the next page; empty when there is none. */
    Optional<Rank> next() {
        return floor;
    }
}
