package dev.photon.registry;

import dev.photon.protocol.ErrorKind;
import java.util.List;
import java.util.Optional;

/** What a command leads to, before it is written. */
sealed interface Verdict {

    /**
     * It is as wished, once the states are written; without states it was so before.
     *
     * @param function what it is about: a function's name or a key's id
     * @param version that was deployed; empty for other changes
     */
    record Accepted(String function, Optional<Manifest> version, List<State> states) implements Verdict {}

    /** Nothing is written. */
    record Rejected(ErrorKind kind, String reason) implements Verdict {}
}
