package dev.photon.protocol;

/**
 * A record of {@code photon.bodies}.
 */
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
}
