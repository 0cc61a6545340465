package dev.photon.ingress.overflow;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Up to when this region knows all that another one changed. Immutable; each answer to a probe makes another.
 *
 * @param current when all was known; empty before the first time
 * @param ahead what the region had at a later probe and is still awaited; empty when nothing is
 */
record CopyAge(Optional<Instant> current, Optional<Ahead> ahead) {
    static final CopyAge UNKNOWN = new CopyAge(Optional.empty(), Optional.empty());

    /** What a region had at some time. */
    record Ahead(long stamp, Instant at) {}

    /**
     * The region has answered.
     *
     * @param stamp of its last change
     * @param at when it was asked
     * @param known what of it is known here
     */
    CopyAge told(long stamp, Instant at, long known) {
        if (known >= stamp) {
            return new CopyAge(Optional.of(at), Optional.empty());
        }
        var before = caughtUp(known);
        return new CopyAge(before.current, before.ahead.or(() -> Optional.of(new Ahead(stamp, at))));
    }

    /** The same, if what was awaited has come meanwhile. */
    CopyAge caughtUp(long known) {
        return ahead.filter(awaited -> known >= awaited.stamp())
                .map(awaited -> new CopyAge(Optional.of(awaited.at()), Optional.empty()))
                .orElse(this);
    }

    /**
     * How long there may be changes that are not known here; nothing while the last answer said that all is known.
     *
     * @param answers whether the region answers now
     * @return empty while that is not known at all
     */
    Optional<Duration> lag(boolean answers, Instant now) {
        if (answers && ahead.isEmpty()) {
            return current.map(known -> Duration.ZERO);
        }
        // Without a first time it is the region's first answer that said so.
        return current.or(() -> ahead.map(Ahead::at)).map(since -> Duration.between(since, now));
    }
}
