package dev.photon.executor;

import dev.photon.protocol.TriggerCommit;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often records of one partition that are not finished have been begun, as far as it has to outlive this process.
 * Of few: when there are more, what was begun least often is forgotten. Not thread-safe.
 */
final class NotedAttempts {
    private final NavigableMap<Long, Integer> attempts;

    NotedAttempts(SortedMap<Long, Integer> restored) {
        attempts = new TreeMap<>(restored);
    }

    int of(long offset) {
        return attempts.getOrDefault(offset, 0);
    }

    void note(long offset, int count) {
        attempts.put(offset, count);
        if (attempts.size() > TriggerCommit.MAX_ATTEMPTS) {
            attempts.keySet().stream()
                    .filter(other -> other != offset)
                    .reduce((one, other) -> attempts.get(one) <= attempts.get(other) ? one : other)
                    .ifPresent(attempts::remove);
        }
    }

    void forget(long offset) {
        attempts.remove(offset);
    }

    SortedMap<Long, Integer> all() {
        return attempts;
    }
}
