package dev.photon.registry;

import dev.photon.protocol.EntryRule;
import dev.photon.protocol.Topics;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A topic through which publishers call functions of the region, as an operator declared it. Immutable.
 *
 * @param name what follows {@code photon.in.}
 * @param generation which declaration of the name it is, with a consumer group of its own. Positive, and greater than all
 *     before it in the region
 * @param starts the first offset of each partition to be read, not negative; of those beyond it, the oldest. Now and then
 *     moved to what is finished
 * @param topicId which topic of the name is meant, in the brokers' words; empty when that is not known
 */
public record EntryTopic(String name, long generation, List<Long> starts, EntryRule rule, Optional<String> topicId)
        implements Reading<EntryTopic> {
    /**
     * @throws IllegalArgumentException when a number is out of its range
     */
    public EntryTopic {
        starts = List.copyOf(starts);
        if (generation < 1 || starts.stream().anyMatch(start -> start < 0)) {
            throw new IllegalArgumentException("a number of the entry topic is out of its range");
        }
    }

    @Override
    public String group(Topics topics) {
        return topics.entryGroup(name, generation);
    }

    /** No other declaration has its group. */
    @Override
    public boolean counts(String metadata) {
        return true;
    }

    @Override
    public EntryTopic finished(Map<Integer, Long> commits) {
        return new EntryTopic(name, generation, Reading.finished(starts, commits), rule, topicId);
    }

    /** The same declaration, by which something else is allowed. */
    EntryTopic with(EntryRule other) {
        return new EntryTopic(name, generation, starts, other, topicId);
    }

    /** The same declaration, of this topic. */
    EntryTopic of(Optional<String> id) {
        return new EntryTopic(name, generation, starts, rule, id);
    }

    /** Whether a topic is known to be another than was declared, though it has its name. */
    boolean isAnother(Optional<String> id) {
        return topicId.isPresent() && id.isPresent() && !topicId.equals(id);
    }
}
