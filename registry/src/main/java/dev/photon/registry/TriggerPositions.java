package dev.photon.registry;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Where a region is in the topics it reads for functions. One thread changes; any thread reads. */
final class TriggerPositions {
    private static final Comparator<TriggerPosition> BY_NAME =
            Comparator.comparing(TriggerPosition::function).thenComparing(TriggerPosition::topic);

    private record Key(String function, String topic) {}

    private final Map<Key, TriggerPosition> known = new ConcurrentHashMap<>();
    private final LongAdder ended = new LongAdder();

    void put(TriggerPosition position) {
        known.put(new Key(position.function(), position.topic()), position);
    }

    void remove(String function, String topic) {
        known.remove(new Key(function, topic));
        ended.increment();
    }

    Optional<TriggerPosition> of(String function, String topic) {
        return Optional.ofNullable(known.get(new Key(function, topic)));
    }

    /** How many have ended: whoever sees the same number again has missed none. */
    long ended() {
        return ended.sum();
    }

    /** Of one function, by topic. */
    List<TriggerPosition> of(String function) {
        return known.values().stream()
                .filter(position -> position.function().equals(function))
                .sorted(BY_NAME)
                .toList();
    }

    /** By function and topic. */
    List<TriggerPosition> all() {
        return known.values().stream().sorted(BY_NAME).toList();
    }
}
