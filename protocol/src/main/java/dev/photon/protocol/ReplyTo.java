package dev.photon.protocol;

import java.util.Optional;

/** Where the reply of an invocation goes. */
public sealed interface ReplyTo {

    /**
     * The partition of {@code photon.responses} that an ingress has assigned itself, and that ingress's instance id:
     * several ingresses may share a partition, each takes only what names it.
     */
    record Ingress(int partition, String instance) implements ReplyTo {}

    /** A topic of the publisher's own; the reply's key is the invocation id. */
    record Topic(String name) implements ReplyTo {}

    /**
     * Whoever asks for it later.
     *
     * @param partition of {@code photon.results}
     * @param open whether everybody may read it who knows where it is
     * @param taker the ingress that took the call, which is told when it has ended
     */
    record Results(int partition, boolean open, Optional<Ingress> taker) implements ReplyTo {}

    /** Nobody waits: the answer is dropped. */
    record Nobody() implements ReplyTo {}
}
