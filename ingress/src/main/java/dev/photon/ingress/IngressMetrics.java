package dev.photon.ingress;

import dev.photon.protocol.ErrorKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** What an ingress counts. Thread-safe; its meters are few for each function, and none is named by a caller. */
final class IngressMetrics {
    private static final String REQUESTS = "photon.ingress.requests";

    private final MeterRegistry meters;
    private final Map<String, Timer> answered = new ConcurrentHashMap<>();

    IngressMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    void answered(String function, long nanos) {
        answered.computeIfAbsent(function, name -> timer(name, "answered")).record(nanos, TimeUnit.NANOSECONDS);
    }

    void failed(String function, ErrorKind kind, long nanos) {
        timer(function, kind.code()).record(nanos, TimeUnit.NANOSECONDS);
    }

    void disconnected(String function) {
        Counter.builder("photon.ingress.disconnects")
                .description("Clients that went away before their answer")
                .tag("function", function)
                .register(meters)
                .increment();
    }

    /** Refused before a function was found or admitted, so without a name that a stranger made up. */
    void refused(ErrorKind kind) {
        Counter.builder("photon.ingress.refused")
                .description("Requests refused before they were sent")
                .tag("outcome", kind.code())
                .register(meters)
                .increment();
    }

    <T> void gauge(String name, T of, ToDoubleFunction<T> value) {
        meters.gauge(name, of, value);
    }

    private Timer timer(String function, String outcome) {
        return Timer.builder(REQUESTS)
                .description("Calls of functions, from the request to the response")
                .tag("function", function)
                .tag("outcome", outcome)
                .register(meters);
    }
}
