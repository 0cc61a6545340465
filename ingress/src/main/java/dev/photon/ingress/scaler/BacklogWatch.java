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
    private final Map<String, Long> workedNanos = new HashMap<>();

    /**
     * @param nowNanos on {@link System#nanoTime}'s clock, here and below
     */
    synchronized void read(Reading reading, long nowNanos) {
        latest = Optional.of(new Dated(reading, nowNanos));
        reading.unfinished().forEach((topic, count) -> {
            if (count > 0) {
                workedNanos.put(topic, nowNanos);
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
     * @param topics that count
     */
    synchronized Outlook outlook(Collection<String> topics, long nowNanos) {
        var idle = topics.stream()
                .map(workedNanos::get)
                .filter(Objects::nonNull)
                .map(worked -> Duration.ofNanos(nowNanos - worked))
                .min(Comparator.naturalOrder());
        return fresh(nowNanos)
                .<Outlook>map(reading -> new Outlook.Known(reading.total(topics), idle))
                .orElseGet(() -> new Outlook.Unknown("Kafka does not say how much waits"));
    }
}
