package dev.photon.registry;

import dev.photon.protocol.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A topic that executors read in a group of their own, from a place on that was decided. Immutable. */
interface Reading<T extends Reading<T>> {
    /** The name of the group. */
    String group(Topics topics);

    /** Whether a commit of the group with this metadata is of this beginning. */
    boolean counts(String metadata);

    /** The same beginning, of which all before these offsets is finished. */
    T finished(Map<Integer, Long> commits);

    /** Where each partition is read from when all before these commits is finished; from 0 where there is neither. */
    static List<Long> finished(List<Long> starts, Map<Integer, Long> commits) {
        var partitions =
                commits.keySet().stream().mapToInt(last -> last + 1).max().orElse(0);
        var moved = new ArrayList<Long>();
        for (int partition = 0; partition < Math.max(partitions, starts.size()); partition++) {
            var start = partition < starts.size() ? starts.get(partition) : 0L;
            moved.add(Math.max(start, commits.getOrDefault(partition, 0L)));
        }
        return moved;
    }
}
