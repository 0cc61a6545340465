package dev.photon.registry;

import dev.photon.protocol.Topics;
import java.util.List;
import java.util.Map;

/**
 * Where a region began to read a topic for a function, and whether it goes on. Immutable.
 *
 * @param generation which beginning it is: a commit of another one is of a time before and does not count. Positive, and
 *     greater than all before it in the region
 * @param starts the first offset of each partition, not negative; now and then moved to what is finished
 * @param paused whether nothing is read now
 */
public record TriggerPosition(String function, String topic, long generation, List<Long> starts, boolean paused)
        implements Reading<TriggerPosition> {
    /**
     * @throws IllegalArgumentException when a number is out of its range
     */
    public TriggerPosition {
        starts = List.copyOf(starts);
        if (generation < 1 || starts.stream().anyMatch(start -> start < 0)) {
            throw new IllegalArgumentException("a number of the position is out of its range");
        }
    }

    /** The first offset to read. Partitions that came later are read from their begin. */
    public long start(int partition) {
        return partition < starts.size() ? starts.get(partition) : 0;
    }

    @Override
    public String group(Topics topics) {
        return topics.triggerGroup(function, topic);
    }

    @Override
    public boolean counts(String metadata) {
        return metadata.startsWith(generation + ";");
    }

    @Override
    public TriggerPosition finished(Map<Integer, Long> commits) {
        return new TriggerPosition(function, topic, generation, Reading.finished(starts, commits), paused);
    }

    TriggerPosition pausing(boolean pause) {
        return new TriggerPosition(function, topic, generation, starts, pause);
    }
}
