package dev.photon.protocol;

/**
 * When an answer is no longer wanted. It travels both as a point in time, which lets an executor drop work that waited
 * too long in the log, and as the time that was left when the record was made, which bounds a run on the executor's own
 * monotonic clock even when the two machines' clocks disagree.
 *
 * @param epochMillis milliseconds since 1970-01-01T00:00Z by the sender's clock
 * @param remainingMillis milliseconds left when the record was made, at least 1
 */
public record Deadline(long epochMillis, long remainingMillis) {

    /** The deadline {@code millis} from now. */
    public static Deadline in(long millis) {
        return new Deadline(System.currentTimeMillis() + millis, millis);
    }

    /**
     * How long the answer is still wanted, by this machine's clock and never more than the sender allowed; zero or less
     * once it is past.
     */
    public long leftMillis(long nowEpochMillis) {
        return Math.min(epochMillis - nowEpochMillis, remainingMillis);
    }
}
