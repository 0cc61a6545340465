package dev.photon.ingress.scaler;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Remembers what the brokers said last, and when there was something to do. Thread-safe. */
final class BacklogWatch {
    /** What is older is not known any more. */
    static final Duration FRESH = Duration.ofSeconds(3);

    private record Dated(Reading reading, long nanos) {}

    private Optional<Dated> latest = Optional.empty();
    /** The latest, however old. */
    private Reading last = new Reading(Map.of(), Map.of());
    /** By pool. */
    private final Map<String, Long> workedNanos = new HashMap<>();

    /**
     * @param nowNanos on {@link System#nanoTime}'s clock, here and below
     */
    synchronized void read(Reading reading, long nowNanos) {
        last = reading.after(last);
        latest = Optional.of(new Dated(last, nowNanos));
        last.works().values().forEach(work -> {
            if (work.unfinished() > 0) {
                workedNanos.put(work.pool(), nowNanos);
            }
        });
    }

    /** The brokers were asked and did not answer, or not all of it: what they said before may be over. */
    synchronized void failed() {
        latest = Optional.empty();
    }

    /** What they said last, as long as that is fresh. */
    synchronized Optional<Reading> fresh(long nowNanos) {
        return latest.filter(dated -> nowNanos - dated.nanos() <= FRESH.toNanos())
                .map(Dated::reading);
    }

    /**
     * @param pools whose executors count
     */
    synchronized Outlook outlook(Collection<String> pools, long nowNanos) {
        var idle = pools.stream()
                .map(workedNanos::get)
                .filter(Objects::nonNull)
                .map(worked -> Duration.ofNanos(nowNanos - worked))
                .min(Comparator.naturalOrder());
        return fresh(nowNanos)
                .<Outlook>map(reading -> new Outlook.Known(reading.unfinished(pools), idle))
                .orElseGet(() -> new Outlook.Unknown("Kafka does not say how much waits"));
    }
}
