package dev.photon.k8s;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** When who was dead, in nanoseconds on {@link System#nanoTime}'s clock. Thread-safe. */
final class Outages {
    private static final long STILL = Long.MAX_VALUE;

    private record Outage(String name, long from, long until) {}

    private final List<Outage> all = new CopyOnWriteArrayList<>();

    /** To be said before it dies. */
    void begin(String name) {
        all.add(new Outage(name, System.nanoTime(), STILL));
    }

    /** To be said when it serves again. */
    void end(String name) {
        all.replaceAll(outage -> outage.name().equals(name) && outage.until() == STILL
                ? new Outage(name, outage.from(), System.nanoTime())
                : outage);
    }

    /** Whether the ingress was dead at some time of the call. */
    boolean explain(Call call) {
        return all.stream()
                .anyMatch(outage -> outage.name().equals(call.ingress())
                        && outage.from() - call.ended() <= 0
                        && (outage.until() == STILL || outage.until() - call.sent() >= 0));
    }
}
