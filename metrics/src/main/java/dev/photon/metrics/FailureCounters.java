package dev.photon.metrics;

import dev.photon.protocol.Blame;
import dev.photon.protocol.ErrorKind;
import io.micrometer.core.instrument.Counter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Failures of one version of a function, by kind. Thread-safe. What is not the caller's fault is there from the start,
 * at zero: Prometheus sees no increase in a counter that begins with one.
 */
public final class FailureCounters {
    private final MeterSet meters;
    private final String name;
    private final String description;
    private final Map<ErrorKind, Counter> counters = new ConcurrentHashMap<>();

    public FailureCounters(MeterSet meters, String name, String description) {
        this.meters = meters;
        this.name = name;
        this.description = description;
        for (var kind : ErrorKind.values()) {
            if (kind.blame() != Blame.CALLER) {
                counters.put(kind, counter(kind));
            }
        }
    }

    public void count(ErrorKind kind) {
        var known = counters.get(kind);
        (known != null ? known : counters.computeIfAbsent(kind, this::counter)).increment();
    }

    private Counter counter(ErrorKind kind) {
        return meters.counter(name, description, "kind", kind.code());
    }
}
