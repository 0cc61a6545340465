package dev.photon.k8s;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** When who was away, in nanoseconds on {@link System#nanoTime}'s clock. Thread-safe. */
final class Outages {
    private static final long STILL = Long.MAX_VALUE;
    /** Until brokers lead again what they led, and who waited for them has heard of it. */
    private static final long AFTERMATH = TimeUnit.SECONDS.toNanos(10);

    /** How somebody was away. */
    enum Kind {
        DEAD,
        FROZEN
    }

    record Outage(String name, Kind kind, long from, long until) {
        /** Both ends included. */
        boolean overlaps(long begin, long end) {
            return from - end <= 0 && (until == STILL || until - begin >= 0);
        }

        private boolean overlaps(Call call, long aftermath) {
            return overlaps(call.sent() - aftermath, call.ended());
        }

        @Override
        public String toString() {
            return name + " " + kind.name().toLowerCase(Locale.ROOT);
        }
    }

    private final List<Outage> all = new CopyOnWriteArrayList<>();

    /** To be said before. */
    void begin(String name, Kind kind) {
        all.add(new Outage(name, kind, System.nanoTime(), STILL));
    }

    /** To be said when it serves again. */
    void end(String name) {
        all.replaceAll(outage -> outage.name().equals(name) && outage.until() == STILL
                ? new Outage(name, outage.kind(), outage.from(), System.nanoTime())
                : outage);
    }

    /** In the order in which they began. */
    List<Outage> all() {
        return List.copyOf(all);
    }

    /** Whether the call's connection may have broken: its ingress was dead at some time of it. */
    boolean mayBreak(Call call) {
        return all.stream()
                .anyMatch(outage ->
                        outage.kind() == Kind.DEAD && outage.name().equals(call.ingress()) && outage.overlaps(call, 0));
    }

    /** Whether there may be no answer: its ingress or a broker was away. Nobody may notice that another role was. */
    boolean mayRefuse(Call call) {
        return all.stream()
                .anyMatch(outage ->
                        (outage.name().equals(call.ingress()) || outage.name().startsWith(Topology.BROKER))
                                && outage.overlaps(call, AFTERMATH));
    }
}
