package dev.photon.ingress.scaler;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Remembers what the brokers said last, and when there was something to do. Thread-safe. */
final class BacklogWatch {
    /** What is older is not known any more. */
    static final Duration FRESH = Duration.ofSeconds(3);

    private record Dated(Reading reading, long nanos) {}

    private Optional<Dated> latest = Optional.empty();
    private OptionalLong workedNanos = OptionalLong.empty();

    /**
     * @param nowNanos on {@link System#nanoTime}'s clock, here and below
     */
    synchronized void read(Reading reading, long nowNanos) {
        latest = Optional.of(new Dated(reading, nowNanos));
        if (reading.total() > 0) {
            workedNanos = OptionalLong.of(nowNanos);
        }
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

    synchronized Outlook outlook(long nowNanos) {
        var idle = workedNanos.isPresent()
                ? Optional.of(Duration.ofNanos(nowNanos - workedNanos.getAsLong()))
                : Optional.<Duration>empty();
        return fresh(nowNanos)
                .<Outlook>map(reading -> new Outlook.Known(reading.total(), idle))
                .orElseGet(() -> new Outlook.Unknown("Kafka does not say how much waits"));
    }
}
