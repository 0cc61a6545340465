package dev.photon.ingress;

import dev.photon.protocol.ErrorKind;
import dev.photon.registry.FunctionView;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What an ingress measures beside {@link CallMeters}. Thread-safe; nothing here is named by a caller. */
final class IngressMetrics {
    private final MeterRegistry meters;
    private final Map<ErrorKind, Counter> refused = new EnumMap<>(ErrorKind.class);

    IngressMetrics(MeterRegistry meters) {
        this.meters = meters;
        for (var kind : ErrorKind.values()) {
            refused.put(
                    kind,
                    Counter.builder("photon.ingress.refused")
                            .description("Requests refused before they were sent")
                            .tag("kind", kind.code())
                            .register(meters));
        }
    }

    /** Refused before a function was found or admitted, so without a name that a stranger made up. */
    void refused(ErrorKind kind) {
        refused.get(kind).increment();
    }

    /** The way to the executors and back. Whoever calls keeps it. */
    void watch(InvocationSender sender, PendingReplies pending) {
        gauge(
                "photon.ingress.log.stuck",
                "1 while the brokers acknowledge nothing, and calls are refused",
                sender,
                log -> log.stuck() ? 1 : 0);
        counter(
                "photon.ingress.replies.unmatched",
                "Replies that nobody waited for: late, repeated, or of a client that had gone",
                pending,
                PendingReplies::unmatched);
    }

    /** Those who are connected. Whoever calls keeps it. */
    void watch(Connections connections) {
        gauge("photon.ingress.connections", "Open connections", connections, Connections::count);
        counter(
                "photon.ingress.connections.refused",
                "Connections that were one too many",
                connections,
                Connections::refused);
        counter(
                "photon.ingress.connections.slow",
                "Connections, or streams of HTTP/2, that were ended because their client was too slow",
                connections,
                Connections::cutOff);
    }

    /** What is known of functions. Whoever calls keeps it. */
    void watch(FunctionView view) {
        gauge(
                "photon.ingress.view.position",
                "The next offset of the functions' log to be read",
                view,
                FunctionView::position);
        gauge(
                "photon.ingress.view.quarantined",
                "States held back since the clock of their region is ahead",
                view,
                FunctionView::quarantined);
        gauge(
                "photon.ingress.view.conflicts",
                "Versions that were deployed with different content in several regions",
                view,
                FunctionView::conflicts);
        malformed("view", view, FunctionView::malformedRecords);
    }

    /** Records of a topic that were skipped. Whoever reads them keeps {@code reader}. */
    <T> void malformed(String where, T reader, ToDoubleFunction<T> count) {
        counter("photon.ingress." + where + ".malformed", "Records skipped because they are odd", reader, count);
    }

    /** What may go up and down. Whoever calls keeps {@code of}. */
    <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value).description(description).register(meters);
    }

    private <T> void counter(String name, String description, T of, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, of, value).description(description).register(meters);
    }
}
