package dev.photon.ingress.scaler;

import dev.photon.protocol.FinishedRanges;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * What was unfinished when the brokers were asked. Immutable.
 *
 * @param unfinished records of each topic that executors have not finished, those that run included
 * @param finished records of each topic that they have, since it was made
 */
record Reading(Map<String, Long> unfinished, Map<String, Long> finished) {
    Reading {
        unfinished = Map.copyOf(unfinished);
        finished = Map.copyOf(finished);
    }

    long total(Collection<String> topics) {
        return topics.stream()
                .mapToLong(topic -> unfinished.getOrDefault(topic, 0L))
                .sum();
    }

    /**
     * Records of one partition that are unfinished.
     *
     * @param start the offset of the first record that is still there
     * @param end the offset after the last that a consumer of committed records can read
     * @param commit of the executors, read before the end; empty when there is none, so that they begin at the start
     */
    static long unfinished(long start, long end, Optional<OffsetAndMetadata> commit) {
        // A commit behind the end is of a topic that was made anew, or lost its end: executors begin at the start
        // again.
        var valid = commit.filter(done -> done.offset() <= end);
        var from = valid.map(done -> Math.max(start, done.offset())).orElse(start);
        var finished = valid.map(done -> FinishedRanges.decode(done.offset(), done.metadata()))
                .orElse(FinishedRanges.NONE);
        var beyond = finished.ranges().stream()
                .mapToLong(range -> Math.max(0, Math.min(end, range.to()) - Math.max(from, range.from())))
                .sum();
        return Math.max(0, end - from - beyond);
    }
}
