package dev.photon.ingress;

import dev.photon.registry.Trigger;
import java.util.List;
import java.util.Optional;

/**
 * How far a trigger has come.
 *
 * @param partitions of its topic, in order; none when the topic is not there
 * @param problem why they are not known; empty when they are
 */
record TriggerStanding(Trigger trigger, String group, List<Partition> partitions, Optional<String> problem) {
    TriggerStanding {
        partitions = List.copyOf(partitions);
    }

    /**
     * One partition.
     *
     * @param start where the trigger began
     * @param committed up to where it has finished since; empty when it has not said so yet
     * @param begin the offset of the oldest record that is left
     * @param end the offset of the next record to come
     */
    record Partition(long start, Optional<Long> committed, long begin, long end) {
        /** How many offsets are still to be finished. */
        long lag() {
            return Math.max(0, end - Math.max(begin, committed.orElse(start)));
        }
    }

    long lag() {
        return partitions.stream().mapToLong(Partition::lag).sum();
    }
}
