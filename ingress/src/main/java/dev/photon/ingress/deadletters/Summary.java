package dev.photon.ingress.deadletters;

import dev.photon.protocol.DeadLetter;
import org.apache.kafka.common.TopicPartition;

/**
 * What a list says of a dead letter, and where the rest of it lies.
 *
 * @param valueBytes of the original's value, as far as it was kept
 * @param partition of {@code photon.dead-letters}
 * @param offset in it
 */
public record Summary(
        DeadLetter.Id id,
        long timestamp,
        DeadLetter.Failure failure,
        DeadLetter.Kept kept,
        int valueBytes,
        TopicPartition partition,
        long offset) {

    static Summary of(DeadLetter letter, TopicPartition partition, long offset) {
        var original = letter.original();
        var bytes = original.value().map(value -> value.length).orElse(0);
        return new Summary(
                letter.id(), letter.timestamp(), letter.failure(), original.kept(), bytes, partition, offset);
    }

    /** Where it stands among the others. */
    public Rank rank() {
        return new Rank(failure.failedAt(), id.toString());
    }
}
