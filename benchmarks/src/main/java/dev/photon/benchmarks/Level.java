package dev.photon.benchmarks;

import java.util.Locale;
import java.util.Optional;

/**
 * What one scenario did at one level of load.
 *
 * @param connections what was in flight at once: HTTP connections, records, or threads
 * @param throughput right answers in a second
 * @param p50 microseconds
 * @param p99 microseconds
 * @param errors requests without a right answer
 */
record Level(int connections, double throughput, double p50, double p99, long errors) {
    private static final String WORD = "level";

    /** The line by which a process tells the one that started it. */
    String line() {
        return String.format(Locale.ROOT, "%s %d %.3f %.3f %.3f %d", WORD, connections, throughput, p50, p99, errors);
    }

    /** Reads {@link #line}; anything else is empty. */
    static Optional<Level> parse(String line) {
        var words = line.split(" ", -1);
        if (words.length != 6 || !words[0].equals(WORD)) {
            return Optional.empty();
        }
        return Optional.of(new Level(
                Integer.parseInt(words[1]),
                Double.parseDouble(words[2]),
                Double.parseDouble(words[3]),
                Double.parseDouble(words[4]),
                Long.parseLong(words[5])));
    }

    @Override
    public String toString() {
        var text = String.format(
                Locale.ROOT,
                "%5d at once %,12.0f /s   p50 %,10.0f µs   p99 %,10.0f µs",
                connections,
                throughput,
                p50,
                p99);
        return errors == 0 ? text : text + "   " + errors + " ERRORS";
    }
}
