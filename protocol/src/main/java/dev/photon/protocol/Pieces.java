package dev.photon.protocol;

/**
 * Where a body lies that does not fit one record: as {@link Piece}s on one partition of {@code photon.bodies}, in order,
 * with pieces of other bodies between them.
 *
 * @param firstOffset of the first piece
 * @param lastOffset of the last piece
 * @param count how many pieces, at least 1
 * @param size bytes of all pieces together, at least 1
 */
public record Pieces(int partition, long firstOffset, long lastOffset, int count, int size) {
    public Pieces {
        if (partition < 0 || firstOffset < 0 || lastOffset < firstOffset || count < 1 || size < count) {
            throw new IllegalArgumentException("a number of the pieces is out of its range");
        }
    }
}
