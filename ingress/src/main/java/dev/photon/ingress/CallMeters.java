package dev.photon.ingress;

import dev.photon.metrics.FailureCounters;
import dev.photon.metrics.MeterSet;
import dev.photon.protocol.ErrorKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** What an ingress measures of the calls of one version of a function. Thread-safe; to count allocates nothing. */
final class CallMeters {
    /** Few, since each function has all of them. A call passes two logs, so the least is a millisecond. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(3),
        Duration.ofMillis(10),
        Duration.ofMillis(30),
        Duration.ofMillis(100),
        Duration.ofMillis(300),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private final Timer requests;
    /** By the hundreds of the status, from 200 on. */
    private final List<Counter> responses;

    private final FailureCounters failures;
    private final Counter disconnects;
    private final Counter uploaded;
    private final Counter downloaded;
    private final AtomicInteger inFlight = new AtomicInteger();

    CallMeters(MeterSet meters) {
        requests = meters.timer("photon.ingress.requests", "Calls, from the request to the response", BUCKETS);
        responses = IntStream.rangeClosed(2, 5)
                .mapToObj(hundreds -> meters.counter(
                        "photon.ingress.responses", "Calls, by the status of the response", "status", hundreds + "xx"))
                .toList();
        failures = new FailureCounters(meters, "photon.ingress.failures", "Calls that a problem was the answer to");
        disconnects = meters.counter("photon.ingress.disconnects", "Calls whose client went away before their answer");
        uploaded = meters.bytes("photon.ingress.request.bytes", "Bodies of requests");
        downloaded = meters.bytes("photon.ingress.response.bytes", "Bodies of functions' answers, as far as sent");
        meters.gauge("photon.ingress.in.flight", "Calls that were admitted and have no answer yet", inFlight::get);
    }

    void admitted() {
        inFlight.incrementAndGet();
    }

    /** Of the calls that were admitted, each ends once: here, or as {@link #disconnected}. */
    void responded(long nanos, int status, int bytesUp, int bytesDown) {
        inFlight.decrementAndGet();
        requests.record(nanos, TimeUnit.NANOSECONDS);
        responses.get(status / 100 - 2).increment();
        uploaded.increment(bytesUp);
        downloaded.increment(bytesDown);
    }

    void failed(ErrorKind kind) {
        failures.count(kind);
    }

    void disconnected() {
        inFlight.decrementAndGet();
        disconnects.increment();
    }
}
