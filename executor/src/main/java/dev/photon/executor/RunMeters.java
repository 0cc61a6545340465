package dev.photon.executor;

import dev.photon.metrics.FailureCounters;
import dev.photon.metrics.MeterSet;
import dev.photon.protocol.Reply;
import dev.photon.registry.Manifest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What an executor measures of the runs of one version of a function. Thread-safe; to count allocates nothing. */
final class RunMeters {
    /** From a handler's microseconds to the default limit; few, since each function has all of them. */
    private static final Duration[] RUN_BUCKETS = {
        Duration.ofNanos(100_000),
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30)
    };

    private static final Duration[] QUEUE_BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(10),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5)
    };

    private final Timer queued;
    private final Timer coldStarts;
    private final Timer runs;
    private final FailureCounters failures;
    private final Counter received;
    private final Counter answered;
    private final AtomicInteger inFlight = new AtomicInteger();

    /**
     * @param version empty for all that have no series of their own, whose instances are not counted
     */
    RunMeters(MeterSet meters, Optional<Manifest> version, FunctionCache functions) {
        queued = meters.timer(
                "photon.executor.queued", "From the arrival of a record to the begin of its run", QUEUE_BUCKETS);
        coldStarts = meters.timer("photon.executor.cold.starts", "Until a function that was not loaded could run");
        runs = meters.timer("photon.executor.runs", "Instantiation and the function's own work", RUN_BUCKETS);
        failures = new FailureCounters(meters, "photon.executor.failures", "Invocations that ended in a failure");
        received = meters.bytes("photon.executor.request.bytes", "Bodies that functions were called with");
        answered = meters.bytes(
                "photon.executor.answer.bytes", "Bodies of functions' answers, of those that fit a record");
        meters.gauge(
                "photon.executor.in.flight", "Invocations whose function is known and has not ended", inFlight::get);
        version.filter(Manifest::reuse)
                .ifPresent(handler -> meters.gauge(
                        "photon.executor.instances.warm",
                        "Instances of a handler that wait for their next request",
                        () -> functions.warmInstances(handler)));
    }

    void began() {
        inFlight.incrementAndGet();
    }

    void ended() {
        inFlight.decrementAndGet();
    }

    void ran(long queuedMicros, long coldMicros, long runMicros) {
        queued.record(queuedMicros, TimeUnit.MICROSECONDS);
        runs.record(runMicros, TimeUnit.MICROSECONDS);
        if (coldMicros > 0) {
            coldStarts.record(coldMicros, TimeUnit.MICROSECONDS);
        }
    }

    void replied(int requestBytes, Reply.Outcome outcome) {
        received.increment(requestBytes);
        switch (outcome) {
            case Reply.Answer answer -> answered.increment(answer.body().length);
            case Reply.Begun begun -> {
                // Its bytes are counted by the ingress that sends them.
            }
            case Reply.Failure failure -> failures.count(failure.kind());
        }
    }
}
