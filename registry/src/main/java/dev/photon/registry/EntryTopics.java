package dev.photon.registry;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The entry topics that are declared in a region. One thread changes; any thread reads. */
final class EntryTopics {
    private final Map<String, EntryTopic> known = new ConcurrentHashMap<>();
    private final LongAdder ended = new LongAdder();

    void put(EntryTopic topic) {
        known.put(topic.name(), topic);
    }

    void remove(String name) {
        known.remove(name);
        ended.increment();
    }

    /** How many have ended: whoever sees the same number again has missed none. */
    long ended() {
        return ended.sum();
    }

    Optional<EntryTopic> of(String name) {
        return Optional.ofNullable(known.get(name));
    }

    /** By name. */
    List<EntryTopic> all() {
        return known.values().stream()
                .sorted(Comparator.comparing(EntryTopic::name))
                .toList();
    }
}
