package dev.photon.ingress;

import dev.photon.protocol.Result;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The asynchronous calls that were asked for last, and how far the log was looked through for their answer. Thread-safe,
 * and bounded.
 */
final class LookedAt {
    private static final int MOST = 10_000;
    private static final float LOAD = 0.75f;

    private final Map<ResultPlace, Seen> places = new LinkedHashMap<>(16, LOAD, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ResultPlace, Seen> eldest) {
            return size() > MOST;
        }
    };

    /**
     * @param next the offset to look at next; that of the answer once it was found
     */
    record Seen(Result.Accepted accepted, long next) {}

    synchronized Optional<Seen> of(ResultPlace place) {
        return Optional.ofNullable(places.get(place));
    }

    synchronized void put(ResultPlace place, Seen seen) {
        places.put(place, seen);
    }
}
