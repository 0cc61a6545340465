package dev.photon.ingress.deadletters;

import java.util.Comparator;
import java.util.Optional;

/**
 * The order of dead letters: by the time of their failure, and of one time by their ids.
 *
 * @param failedAt milliseconds since 1970
 */
public record Rank(long failedAt, String id) implements Comparable<Rank> {
    private static final Comparator<Rank> ORDER =
            Comparator.comparingLong(Rank::failedAt).thenComparing(Rank::id);

    /** Reads {@code <failedAt>/<id>}; anything else is empty. */
    public static Optional<Rank> parse(String text) {
        var slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Rank(Long.parseLong(text.substring(0, slash)), text.substring(slash + 1)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public int compareTo(Rank other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return failedAt + "/" + id;
    }
}
