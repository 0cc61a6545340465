package dev.photon.protocol;

import java.util.Optional;

/**
 * The wish to run again, in another version, what is retained of a function's records, and to compare.
 *
 * @param id unique among replays
 * @param source who asks, a URI reference (CloudEvents 1.0, section "source")
 * @param candidate the version that is tried
 * @param baseline the version that it is compared with; empty for the one that a call was made to, and for the latest of a
 *     trigger
 * @param from of the records' times the first, in milliseconds since 1970
 * @param to of the records' times the first that is not wanted any more
 * @param trigger the topic of the trigger whose records are run; empty for the function's calls
 * @param sink the topic that gets the candidate's outputs; empty when nobody does
 * @param deadline when the report must be complete
 * @param replyTo who reads the report
 */
public record Replay(
        String id,
        String source,
        Target.Resolved candidate,
        Optional<String> baseline,
        long from,
        long to,
        Optional<String> trigger,
        Optional<String> sink,
        Deadline deadline,
        ReplyTo.Ingress replyTo) {
    /** How often it is said that somebody waits for a report, in milliseconds. */
    public static final long AWAITED_MILLIS = 5_000;

    /** How long its reader waits for the report to begin, in milliseconds: so long that an executor can be started. */
    public static final long UNTAKEN_MILLIS = 60_000;

    /** Whether its reader has been told that nobody took it, as far as this machine's clock and the sender's agree. */
    public boolean isGivenUp(long nowEpochMillis) {
        var left = deadline.leftMillis(nowEpochMillis);
        return left <= 0 || deadline.remainingMillis() - left >= UNTAKEN_MILLIS;
    }
}
