package dev.photon.executor;

import dev.photon.executor.outbound.OutboundResult;
import dev.photon.executor.wasm.Engine;
import dev.photon.executor.wasm.GuestThreads;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Malformed;
import dev.photon.registry.FunctionView;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** What an executor measures beside {@link RunMeters}. Thread-safe. */
final class ExecutorMetrics {
    private final MeterRegistry meters;
    private final Timer outboundAnswers;
    private final Map<OutboundResult.Kind, Timer> outboundFailures = new EnumMap<>(OutboundResult.Kind.class);
    private final Map<ErrorKind, Counter> refused = new EnumMap<>(ErrorKind.class);
    private final Counter interpreted;
    private final Counter attemptsGivenUp;
    private final Counter expired;
    private final Counter replyLost;
    private final Counter logDropped;

    ExecutorMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.outboundAnswers = outboundCalls("answered");
        for (var kind : OutboundResult.Kind.values()) {
            outboundFailures.put(kind, outboundCalls(kind.name().toLowerCase(Locale.ROOT)));
        }
        for (var kind : ErrorKind.values()) {
            refused.put(
                    kind,
                    Counter.builder("photon.executor.refused")
                            .description("Invocations that failed before their function was known")
                            .tag("kind", kind.code())
                            .register(meters));
        }
        this.interpreted = counter("photon.executor.runs.interpreted", "Runs that the interpreter answered");
        this.attemptsGivenUp =
                counter("photon.executor.runs.interpreted.repeated", "Runs that the interpreter left to compiled code");
        this.expired = counter("photon.executor.expired", "Invocations skipped because their deadline was past");
        this.replyLost = counter("photon.executor.replies.lost", "Replies that could not be sent in useful time");
        this.logDropped = counter("photon.executor.logs.dropped", "Log lines beyond a function's share, or lost");
    }

    private Timer outboundCalls(String outcome) {
        return Timer.builder("photon.executor.outbound.calls")
                .description("Functions' calls to others, refused ones included")
                .tag("outcome", outcome)
                .register(meters);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(meters);
    }

    void attempted(boolean answered) {
        (answered ? interpreted : attemptsGivenUp).increment();
    }

    /** What came of a function's call to another service. */
    void called(OutboundResult result, long nanos) {
        var timer = switch (result) {
            case OutboundResult.Response answer -> outboundAnswers;
            case OutboundResult.Failure failure -> outboundFailures.get(failure.kind());
        };
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Whose function was not found, or not looked for: a name in the record is a stranger's. */
    void refused(ErrorKind kind) {
        refused.get(kind).increment();
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

    /** What runs functions. Whoever calls keeps it. */
    void watch(FunctionCache functions, GuestThreads threads, Engine engine) {
        gauge("photon.executor.functions.loaded", "Functions that are loaded", functions, FunctionCache::size);
        gauge("photon.executor.threads", "Threads that functions run on", threads, GuestThreads::size);
        gauge(
                "photon.executor.threads.waiting",
                "Steps of invocations that wait for a thread",
                threads,
                GuestThreads::waiting);
        gauge(
                "photon.executor.memory.free.bytes",
                "What of the memory budget is neither used nor kept for the next run",
                engine,
                Engine::freeMemoryBytes);
    }

    /** What is read. Whoever calls keeps it. */
    void watch(KeptAnswers kept) {
        gauge(
                "photon.executor.idempotency.keys.fill",
                "The part of the room for idempotency keys that is taken",
                kept,
                KeptAnswers::fill);
    }

    /** What is known, and what was skipped. */
    void watch(FunctionView view, Malformed invocations) {
        gauge(
                "photon.executor.view.position",
                "The next offset of the functions' log to be read",
                view,
                FunctionView::position);
        counter(
                "photon.executor.view.malformed",
                "Records skipped because they are no functions",
                view,
                FunctionView::malformedRecords);
        counter(
                "photon.executor.records.malformed",
                "Records skipped because they are no invocations",
                invocations,
                Malformed::count);
    }

    /** What may go up and down. Whoever calls keeps {@code of}. */
    <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value).description(description).register(meters);
    }

    private <T> void counter(String name, String description, T of, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, of, value).description(description).register(meters);
    }
}
