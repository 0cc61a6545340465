package dev.photon.ingress;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Function;

/**
 * What stands in the query of a request. What cannot be read is an {@link IllegalArgumentException} with a sentence for
 * the caller; what is empty counts as left out.
 *
 * @param source the value of a parameter, or {@code null} when it is not there
 */
record Parameters(Function<String, String> source) {

    Optional<String> text(String name) {
        return Optional.ofNullable(source.apply(name)).filter(text -> !text.isEmpty());
    }

    /** Milliseconds since 1970; in UTC unless it says otherwise. */
    Optional<Long> time(String name) {
        return text(name).map(Parameters::millis);
    }

    private static long millis(String text) {
        try {
            return parse(text);
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("start and end are times such as 2024-01-01T00:00:00, in UTC");
        }
    }

    private static long parse(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeParseException e) {
            return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC).toEpochMilli();
        }
    }

    /** A whole number from {@code least} to {@code most}. */
    int number(String name, int fallback, int least, int most) {
        return text(name).map(text -> number(name, text, least, most)).orElse(fallback);
    }

    private static int number(String name, String text, int least, int most) {
        try {
            var number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, with the range.
        }
        throw new IllegalArgumentException("%s is a number from %d to %d".formatted(name, least, most));
    }
}
