package dev.photon.protocol;

import java.util.Optional;

/** A record of {@code photon.bodies}. */
public sealed interface Piece {
    /** The most bytes of one: what a slow client makes an ingress hold is at least that. */
    int MAX_BYTES = 64 << 10;

    /** The id of the body that it belongs to, without a slash. */
    String body();

    /**
     * Some of a body's bytes.
     *
     * @param index 0 for the first
     * @param bytes not copied, so not to be changed; at least one
     */
    record Part(String body, int index, byte[] bytes) implements Piece {}

    /**
     * There is no more of a body whose length nobody knew when it began.
     *
     * @param index how many parts there are
     * @param size bytes of all of them
     * @param failure why the body is not whole; empty when it is
     */
    record End(String body, int index, long size, Optional<Reply.Failure> failure) implements Piece {}

    /** Who writes the body has written nothing for a while, and will. */
    record Alive(String body) implements Piece {}
}
