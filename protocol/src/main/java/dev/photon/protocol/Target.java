package dev.photon.protocol;

import java.util.Optional;

/** Which function an invocation is for. */
public sealed interface Target {

    /** The function's name. */
    String function();

    /**
     * Decided by the ingress, once: every attempt runs the same bytes.
     *
     * @param viewPosition the position at which the ingress decided; an executor whose view is behind waits for it
     */
    record Resolved(String function, String version, Digest digest, ViewPosition viewPosition) implements Target {}

    /** Named by a publisher, still to be resolved by the executor. Without a version, the latest. */
    record Named(String function, Optional<String> version) implements Target {}
}
