package dev.photon.ingress;

import dev.photon.registry.Trigger;
import java.util.List;
import java.util.Optional;

/**
 * How far a trigger has come.
 *
 * @param partitions of its topic, in order; none when they are not known
 * @param problem why they are not known, or what is wrong with them
 */
record TriggerStanding(Trigger trigger, List<Partition> partitions, Optional<String> problem) {
    private static final String MADE_ANEW =
            "the topic ends before the trigger's place, as one does that was deleted and made anew: seek the trigger to"
                    + " where it shall go on";

    TriggerStanding {
        partitions = List.copyOf(partitions);
    }

    static TriggerStanding known(Trigger trigger, List<Partition> partitions) {
        return new TriggerStanding(trigger, partitions, problem(partitions));
    }

    /** What is wrong with them. */
    static Optional<String> problem(List<Partition> partitions) {
        return partitions.stream().anyMatch(Partition::endsBefore) ? Optional.of(MADE_ANEW) : Optional.empty();
    }

    static TriggerStanding unknown(Trigger trigger, String reason) {
        return new TriggerStanding(trigger, List.of(), Optional.of(reason));
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
            return end - (endsBefore() ? begin : Math.max(begin, place()));
        }

        /** Whether it ends before it was left: it is not the partition that it was. */
        boolean endsBefore() {
            return place() > end;
        }

        private long place() {
            return committed.orElse(start);
        }
    }

    long lag() {
        return partitions.stream().mapToLong(Partition::lag).sum();
    }
}
