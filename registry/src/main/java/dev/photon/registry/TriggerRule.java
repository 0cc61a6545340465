package dev.photon.registry;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * What a version does with the records of a topic. Immutable.
 *
 * @param topic of its users, by Kafka's rules for names
 * @param start where it begins, when the function did not have a trigger of that topic before
 * @param concurrency runs at the same time in one executor, 1 to 10,000
 * @param output the topic of answers that are not empty
 */
public record TriggerRule(
        String topic,
        Start start,
        Ordering ordering,
        int concurrency,
        Optional<String> output,
        Delivery delivery,
        OnError onError) {
    /** The most runs at the same time in one executor. */
    public static final int MOST_CONCURRENCY = 10_000;

    /**
     * @throws IllegalArgumentException when the concurrency is out of its range
     */
    public TriggerRule {
        require(concurrency >= 1 && concurrency <= MOST_CONCURRENCY);
    }

    /** Where in a topic reading begins. */
    public sealed interface Start {
        /** With what is published from now on. */
        record Latest() implements Start {
            @Override
            public String toString() {
                return "latest";
            }
        }

        /** With the oldest record there is. */
        record Earliest() implements Start {
            @Override
            public String toString() {
                return "earliest";
            }
        }

        /** With the first record that is not older; with what is published from now on where none is that new. */
        record At(Instant time) implements Start {
            @Override
            public String toString() {
                return time.toString();
            }
        }

        /**
         * What a word of a configuration or a request means.
         *
         * @param text {@code latest}, {@code earliest}, or a time such as {@code 2026-01-31T12:00:00Z}
         * @return empty when it is none of these
         */
        static Optional<Start> parse(String text) {
            return switch (text) {
                case "latest" -> Optional.of(new Latest());
                case "earliest" -> Optional.of(new Earliest());
                default -> time(text).map(At::new);
            };
        }

        private static Optional<Instant> time(String text) {
            try {
                var time = Instant.parse(text);
                return Optional.of(time).filter(at -> at.getEpochSecond() >= 0 && isInMillis(at));
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        }

        private static boolean isInMillis(Instant time) {
            return time.getEpochSecond() < Long.MAX_VALUE / 1_000;
        }
    }

    /** Which records wait for one another. */
    public enum Ordering {
        /** Those with the same key. */
        KEY,
        /** None. */
        NONE
    }

    /** How often a record runs. */
    public enum Delivery {
        /** Until it succeeded, or was given up. */
        AT_LEAST_ONCE,
        /** Once or, when its executor dies, not at all. */
        AT_MOST_ONCE,
        /** Until what it led to is committed together with its offset. There is an output. */
        EXACTLY_ONCE
    }

    /**
     * What becomes of a record whose run fails.
     *
     * @param retries after the first run, 0 to 100
     * @param backoffMillis before the first retry, 1 to 3,600,000 ms
     * @param deadLetter the topic of what is given up; empty for the region's own
     */
    public record OnError(int retries, int backoffMillis, Optional<String> deadLetter) {
        /** The most runs after the first. */
        public static final int MOST_RETRIES = 100;

        /** An hour. */
        public static final int LONGEST_BACKOFF_MILLIS = 3_600_000;

        /** What holds where {@code photoniq.toml} says nothing. */
        public static final OnError DEFAULT = new OnError(3, 1_000, Optional.empty());

        public OnError {
            require(retries >= 0 && retries <= MOST_RETRIES);
            require(backoffMillis >= 1 && backoffMillis <= LONGEST_BACKOFF_MILLIS);
        }
    }

    private static void require(boolean inRange) {
        if (!inRange) {
            throw new IllegalArgumentException("a number of the trigger is out of its range");
        }
    }
}
