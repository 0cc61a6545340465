package dev.photon.registry;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What all regions say of one thing: each has the last word on its own entry alone, and what holds follows from the
 * entries whatever order they came in (a state-based CRDT: Shapiro et al., INRIA RR-7506, 2011). Immutable.
 */
record Register<T>(Map<String, Entry<T>> entries) {
    /**
     * The last that one region said.
     *
     * @param value empty when it deleted it
     */
    record Entry<T>(Stamp stamp, Optional<T> value) {
        /** Up to when it ends all that there was. */
        private long clears() {
            return value.isEmpty() ? stamp.at() : stamp.cleared();
        }
    }

    /** What one region says, and another may say otherwise. */
    record Said<T>(String origin, Stamp stamp, T value) {}

    static <T> Register<T> none() {
        return new Register<>(Map.of());
    }

    Register<T> with(String origin, Entry<T> entry) {
        var changed = new HashMap<>(entries);
        changed.put(origin, entry);
        return new Register<>(changed);
    }

    Register<T> without(String origin) {
        var changed = new HashMap<>(entries);
        changed.remove(origin);
        return new Register<>(changed);
    }

    /** The stamp of the last deletion that is known of; 0 for none. */
    long cleared() {
        return entries.values().stream().mapToLong(Entry::clears).max().orElse(0);
    }

    /** All that was said and not deleted since, the first to be said first. */
    List<Said<T>> standing() {
        var cleared = cleared();
        return entries.entrySet().stream()
                .filter(said -> said.getValue().value().isPresent()
                        && said.getValue().stamp().at() > cleared)
                .map(said -> said(said.getKey(), said.getValue()))
                .sorted(Register.<T>byTime())
                .toList();
    }

    /** What a region said and others deleted. */
    Optional<Said<T>> deletedByOthers(String origin) {
        return Optional.ofNullable(entries.get(origin))
                .filter(entry -> entry.value().isPresent() && entry.stamp().at() <= cleared())
                .map(entry -> said(origin, entry));
    }

    /** What was said last, unless that was a deletion. */
    Optional<Said<T>> last() {
        return entries.entrySet().stream()
                .max(Comparator.<Map.Entry<String, Entry<T>>>comparingLong(
                                said -> said.getValue().stamp().at())
                        .thenComparing(Map.Entry::getKey))
                .filter(said -> said.getValue().value().isPresent())
                .map(said -> said(said.getKey(), said.getValue()));
    }

    private static <T> Comparator<Said<T>> byTime() {
        return Comparator.<Said<T>>comparingLong(said -> said.stamp().at()).thenComparing(Said::origin);
    }

    private static <T> Said<T> said(String origin, Entry<T> entry) {
        return new Said<>(origin, entry.stamp(), entry.value().orElseThrow());
    }
}
