package dev.photon.registry;

import java.util.ArrayList;
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

    /** Whether a commit of the group with this metadata is of this beginning. */
    public boolean counts(String metadata) {
        return metadata.startsWith(generation + ";");
    }

    /** The same beginning, of which all before these offsets is finished. */
    TriggerPosition finished(Map<Integer, Long> commits) {
        var partitions =
                commits.keySet().stream().mapToInt(last -> last + 1).max().orElse(0);
        var moved = new ArrayList<Long>();
        for (int partition = 0; partition < Math.max(partitions, starts.size()); partition++) {
            moved.add(Math.max(start(partition), commits.getOrDefault(partition, 0L)));
        }
        return new TriggerPosition(function, topic, generation, moved, paused);
    }

    TriggerPosition pausing(boolean pause) {
        return new TriggerPosition(function, topic, generation, starts, pause);
    }
}
