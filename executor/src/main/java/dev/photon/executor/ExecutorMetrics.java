package dev.photon.executor;

import dev.photon.executor.outbound.OutboundResult;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What an executor counts. Thread-safe. */
final class ExecutorMetrics {
    private final MeterRegistry meters;
    private final Timer queued;
    private final Timer coldStarts;
    private final Timer runs;
    private final Meter.MeterProvider<Timer> outboundCalls;
    private final Counter interpreted;
    private final Counter attemptsGivenUp;
    private final Counter expired;
    private final Counter replyLost;
    private final Counter logDropped;

    ExecutorMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.queued = timer("photon.executor.queued", "From the arrival of a record to the begin of its run");
        this.coldStarts = timer("photon.executor.cold.starts", "Until a function that was not loaded could run");
        this.runs = timer("photon.executor.runs", "Instantiation and the function's own work");
        this.outboundCalls = Timer.builder("photon.executor.outbound.calls")
                .description("Functions' calls to others, refused ones included")
                .withRegistry(meters);
        this.interpreted = counter("photon.executor.runs.interpreted", "Runs that the interpreter answered");
        this.attemptsGivenUp =
                counter("photon.executor.runs.interpreted.repeated", "Runs that the interpreter left to compiled code");
        this.expired = counter("photon.executor.expired", "Invocations skipped because their deadline was past");
        this.replyLost = counter("photon.executor.replies.lost", "Replies that could not be sent in useful time");
        this.logDropped = counter("photon.executor.logs.dropped", "Log lines beyond a function's share, or lost");
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name).description(description).register(meters);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(meters);
    }

    void ran(long queuedMicros, long coldMicros, long runMicros) {
        queued.record(micros(queuedMicros));
        runs.record(micros(runMicros));
        if (coldMicros > 0) {
            coldStarts.record(micros(coldMicros));
        }
    }

    void attempted(boolean answered) {
        (answered ? interpreted : attemptsGivenUp).increment();
    }

    /** What came of a function's call to another service. */
    void called(OutboundResult result, long nanos) {
        var outcome = switch (result) {
            case OutboundResult.Response answer -> "answered";
            case OutboundResult.Failure failure -> failure.kind().name().toLowerCase(Locale.ROOT);
        };
        outboundCalls.withTag("outcome", outcome).record(Duration.ofNanos(nanos));
    }

    private static Duration micros(long micros) {
        return Duration.ofNanos(micros * 1_000);
    }

    void expired() {
        expired.increment();
    }

    void replyLost() {
        replyLost.increment();
    }

    void logDropped() {
        logDropped.increment();
    }

    <T> void gauge(String name, T of, ToDoubleFunction<T> value) {
        meters.gauge(name, of, value);
    }
}
