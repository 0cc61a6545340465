package dev.photon.protocol;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * A record of which a trigger's function made nothing, with all that is known about why.
 *
 * @param timestamp of the original record, in milliseconds since 1970; -1 if it has none
 */
public record DeadLetter(Id id, long timestamp, Original original, Failure failure) {

    /**
     * Which record of which trigger. There is at most one dead letter of it.
     *
     * @param partition at least 0
     * @param offset at least 0
     */
    public record Id(String function, String topic, int partition, long offset) {
        public Id {
            if (function.isEmpty() || topic.isEmpty() || partition < 0 || offset < 0) {
                throw new IllegalArgumentException("a dead letter is of a function, and of a place in a topic");
            }
        }

        /** Reads {@code <function>/<topic>/<partition>/<offset>}; anything else is empty. */
        public static Optional<Id> parse(String text) {
            var parts = text.split("/", -1);
            if (parts.length != 4) {
                return Optional.empty();
            }
            try {
                var id = new Id(parts[0], parts[1], Integer.parseInt(parts[2]), Long.parseLong(parts[3]));
                // A number has other spellings, such as +1: they are not of the key.
                return Optional.of(id).filter(read -> read.toString().equals(text));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        @Override
        public String toString() {
            return function + "/" + topic + "/" + partition + "/" + offset;
        }
    }

    /** What is left of the original record. */
    public enum Kept {
        ALL,
        /** The key and the headers: with the value, the record would not fit. */
        WITHOUT_VALUE,
        /** Nothing but its place: not even the key and the headers fit. */
        NOTHING
    }

    /**
     * The record that failed, as its publisher wrote it.
     *
     * @param key empty for a record without one
     * @param headers in their order, whatever their names
     * @param value empty for a record without one, and where it is not kept
     */
    public record Original(Optional<byte[]> key, List<Header> headers, Optional<byte[]> value, Kept kept) {
        public Original {
            headers = List.copyOf(headers);
        }

        static Original of(ConsumerRecord<byte[], byte[]> source) {
            return new Original(
                    Optional.ofNullable(source.key()),
                    List.of(source.headers().toArray()),
                    Optional.ofNullable(source.value()),
                    Kept.ALL);
        }

        Original withoutValue() {
            return new Original(key, headers, Optional.empty(), Kept.WITHOUT_VALUE);
        }

        static Original nothing() {
            return new Original(Optional.empty(), List.of(), Optional.empty(), Kept.NOTHING);
        }
    }

    /**
     * Why the last attempt failed.
     *
     * @param version that ran, or was to run; empty when it is not known
     * @param attempts how often the function was tried with this record, at least 0: one may be given up unrun
     * @param message one sentence; what is longer than {@link #MAX_MESSAGE} characters is cut
     * @param failedAt milliseconds since 1970
     */
    public record Failure(Optional<String> version, int attempts, ErrorKind kind, String message, long failedAt) {
        public static final int MAX_MESSAGE = 2_000;

        public Failure {
            if (attempts < 0 || failedAt < 0) {
                throw new IllegalArgumentException("attempts and times are not negative");
            }
            if (message.length() > MAX_MESSAGE) {
                message = message.substring(0, MAX_MESSAGE);
            }
        }
    }

    /**
     * The dead letter of a record.
     *
     * @param function of the trigger
     */
    public static DeadLetter of(String function, ConsumerRecord<byte[], byte[]> source, Failure failure) {
        var id = new Id(function, source.topic(), source.partition(), source.offset());
        return new DeadLetter(id, source.timestamp(), Original.of(source), failure);
    }

    /** The same with less of the original, for a topic that takes no record that large; empty when nothing is left. */
    public Optional<DeadLetter> less() {
        return switch (original.kept()) {
            case ALL -> Optional.of(new DeadLetter(id, timestamp, original.withoutValue(), failure));
            case WITHOUT_VALUE -> Optional.of(new DeadLetter(id, timestamp, Original.nothing(), failure));
            case NOTHING -> Optional.empty();
        };
    }

    /** Whether the function can be given the record again. */
    public boolean isWhole() {
        return original.kept() == Kept.ALL;
    }

    /**
     * The original record, as a consumer of its topic gets it.
     *
     * @throws IllegalStateException unless it {@link #isWhole}
     */
    public ConsumerRecord<byte[], byte[]> source() {
        if (!isWhole()) {
            throw new IllegalStateException("parts of the record were left out");
        }
        var key = original.key().orElse(null);
        var value = original.value().orElse(null);
        return new ConsumerRecord<>(
                id.topic(),
                id.partition(),
                id.offset(),
                timestamp,
                timestamp < 0 ? TimestampType.NO_TIMESTAMP_TYPE : TimestampType.CREATE_TIME,
                key == null ? ConsumerRecord.NULL_SIZE : key.length,
                value == null ? ConsumerRecord.NULL_SIZE : value.length,
                key,
                value,
                new RecordHeaders(original.headers()),
                Optional.empty());
    }
}
