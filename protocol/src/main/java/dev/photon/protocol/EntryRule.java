package dev.photon.protocol;

import java.util.List;

/**
 * What an operator lets publishers do through an entry topic. Immutable.
 *
 * @param functions that may be called, or {@link #ALL} alone for all
 * @param replyTopics where answers may go, or {@link #ALL} alone for all but the region's own
 * @param deadlineMillis how long after its publication a record may run at most; 0 for no bound
 * @param rate records in a second; 0 for no bound
 * @param burst records that may be taken at once when few came before; 0 without a rate
 */
public record EntryRule(List<String> functions, List<String> replyTopics, long deadlineMillis, int rate, int burst) {
    public static final String ALL = "*";

    /** A week. */
    public static final long LONGEST_MILLIS = 7L * 24 * 3_600_000;

    public static final int MOST_RECORDS = 1_000_000;

    /** Whoever may write the topic may call every function. */
    public static final EntryRule OPEN = new EntryRule(List.of(ALL), List.of(ALL), 0, 0, 0);

    /**
     * @throws IllegalArgumentException when a number is out of its range
     */
    public EntryRule {
        functions = List.copyOf(functions);
        replyTopics = List.copyOf(replyTopics);
        var inRange = deadlineMillis >= 0
                && deadlineMillis <= LONGEST_MILLIS
                && rate >= 0
                && rate <= MOST_RECORDS
                && burst >= 0
                && burst <= MOST_RECORDS;
        if (!inRange || ((rate == 0) != (burst == 0))) {
            throw new IllegalArgumentException("a number of the entry topic is out of its range");
        }
    }

    boolean allowsFunction(String name) {
        return allows(functions, name);
    }

    boolean allowsReplyTopic(String name) {
        return allows(replyTopics, name);
    }

    private static boolean allows(List<String> names, String name) {
        return names.contains(name) || names.equals(List.of(ALL));
    }
}
