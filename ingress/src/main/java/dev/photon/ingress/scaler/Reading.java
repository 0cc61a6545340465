package dev.photon.ingress.scaler;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was unfinished when the brokers were asked. Immutable.
 *
 * @param works by group; without those of which nothing could be learnt
 * @param unread why not, by group
 */
record Reading(Map<String, Work> works, Map<String, String> unread) {
    /**
     * What one group of executors has to do.
     *
     * @param unfinished records that they have not finished, those that run included
     * @param finished records that they have, since the topic was made
     */
    record Work(String topic, String pool, long unfinished, long finished) {}

    Reading {
        works = Map.copyOf(works);
        unread = Map.copyOf(unread);
    }

    /** Of the executors of these pools. */
    long unfinished(Collection<String> pools) {
        return works.values().stream()
                .filter(work -> pools.contains(work.pool()))
                .mapToLong(Work::unfinished)
                .sum();
    }

    Optional<Work> of(String group) {
        return Optional.ofNullable(works.get(group));
    }

    /** Of what could not be read now counts what was read before, if anything was. */
    Reading after(Reading before) {
        var all = new HashMap<>(works);
        unread.keySet().forEach(group -> before.of(group).ifPresent(work -> all.putIfAbsent(group, work)));
        return new Reading(all, unread);
    }

    /**
     * Records of one partition that are unfinished.
     *
     * @param start the offset of the first record that is still there
     * @param end the offset after the last that a consumer of committed records can read
     * @param progress of the executors, read before the end; empty when they begin at the start
     */
    static long unfinished(long start, long end, Optional<Consumed.Done> progress) {
        // A place behind the end is of a topic that was made anew, or lost its end: executors begin at the start
        // again.
        var valid = progress.filter(done -> done.offset() <= end);
        var from = valid.map(done -> Math.max(start, done.offset())).orElse(start);
        var beyond = valid.map(done -> done.beyond().ranges().stream()
                        .mapToLong(range -> Math.max(0, Math.min(end, range.to()) - Math.max(from, range.from())))
                        .sum())
                .orElse(0L);
        return Math.max(0, end - from - beyond);
    }
}
