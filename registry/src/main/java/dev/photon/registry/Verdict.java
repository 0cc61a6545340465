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
     * @param warning about what has no effect, or will be slow
     */
    record Accepted(String function, Optional<Manifest> version, List<State> states, Optional<String> warning)
            implements Verdict {

        /** A change of something else than versions. */
        Accepted(String function, List<State> states) {
            this(function, Optional.empty(), states, Optional.empty());
        }
    }

    /** Nothing is written. */
    record Rejected(ErrorKind kind, String reason) implements Verdict {}
}
