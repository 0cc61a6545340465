package dev.photon.k8s;

import java.util.Optional;

/** How a request ended, as its client saw it. */
sealed interface Heard {

    /** The right answer, and which version gave it. */
    record Answer(String invocation, String version) implements Heard {}

    /**
     * That there is none: 503 with when to come again, or 504.
     *
     * @param invocation empty for a request that was refused before it was one
     */
    record Refusal(int status, Optional<String> invocation) implements Heard {}

    /** The connection broke, or there was none. */
    record Break(String how) implements Heard {}

    /** What no client may see: a wrong answer, another status, or nothing for a minute. */
    record Nonsense(String what) implements Heard {}
}
