package dev.photon.protocol;

import java.time.Duration;

/** A record of {@code photon.results}. Of several answers with one key the first in the log counts. */
public sealed interface Result {
    /** How long beyond a call's deadline its answer is tried to be stored; what is not there then does not come. */
    Duration STORING = Duration.ofMinutes(2);

    /**
     * An asynchronous call has been taken; its answer comes later on the same partition.
     *
     * @param id of the invocation, which nobody can guess
     * @param open whether everybody may read the answer who knows where it is
     * @param deadlineMillis since 1970-01-01T00:00Z, after which the function is not run any more
     */
    record Accepted(String id, boolean open, long deadlineMillis) implements Result {}

    /**
     * The answer to an asynchronous call.
     *
     * @param open as it was accepted
     */
    record Answered(boolean open, Reply reply) implements Result {}

    /**
     * The answer to the first call of those with one key.
     *
     * @param reply as the first of them got it
     */
    record Kept(CallKey key, Reply reply) implements Result {}
}
