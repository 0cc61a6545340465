package dev.photon.registry;

import dev.photon.protocol.EntryRule;
import java.util.List;

/**
 * A topic through which publishers call functions of the region, as an operator declared it. Immutable.
 *
 * @param name what follows {@code photon.in.}
 * @param generation which declaration of the name it is, with a consumer group of its own. Positive, and greater than all
 *     before it in the region
 * @param starts the first offset of each partition to be read, not negative; of those beyond it, the oldest
 */
public record EntryTopic(String name, long generation, List<Long> starts, EntryRule rule) {
    /**
     * @throws IllegalArgumentException when a number is out of its range
     */
    public EntryTopic {
        starts = List.copyOf(starts);
        if (generation < 1 || starts.stream().anyMatch(start -> start < 0)) {
            throw new IllegalArgumentException("a number of the entry topic is out of its range");
        }
    }

    /** The same declaration, by which something else is allowed. */
    EntryTopic with(EntryRule other) {
        return new EntryTopic(name, generation, starts, other);
    }
}
