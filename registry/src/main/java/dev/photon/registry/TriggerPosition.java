package dev.photon.registry;

import java.util.List;

/**
 * Where a region began to read a topic for a function, and whether it goes on. Immutable.
 *
 * @param generation which beginning it is: a commit of another one is of a time before and does not count. Positive, and
 *     greater than all before it in the region
 * @param starts the first offset of each partition, not negative
 * @param paused whether nothing is read now
 */
public record TriggerPosition(String function, String topic, long generation, List<Long> starts, boolean paused) {
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

    TriggerPosition pausing(boolean pause) {
        return new TriggerPosition(function, topic, generation, starts, pause);
    }
}
