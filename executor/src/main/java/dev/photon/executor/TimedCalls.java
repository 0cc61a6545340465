package dev.photon.executor;

import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.executor.outbound.OutboundRequest;
import dev.photon.executor.outbound.OutboundResult;
import dev.photon.executor.outbound.Room;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** A run's calls to others, timed. What they need is made for the first: most runs make none. */
final class TimedCalls implements OutboundCalls {
    private final Supplier<OutboundCalls> opened;
    private final ExecutorMetrics metrics;
    private Optional<OutboundCalls> calls = Optional.empty();

    TimedCalls(Supplier<OutboundCalls> opened, ExecutorMetrics metrics) {
        this.opened = opened;
        this.metrics = metrics;
    }

    @Override
    public OutboundResult send(OutboundRequest request, Duration timeout) throws InterruptedException {
        return send(request, timeout, bytes -> true);
    }

    @Override
    public OutboundResult send(OutboundRequest request, Duration timeout, Room room) throws InterruptedException {
        if (calls.isEmpty()) {
            calls = Optional.of(opened.get());
        }
        var began = System.nanoTime();
        var result = calls.get().send(request, timeout, room);
        metrics.called(result, System.nanoTime() - began);
        return result;
    }
}
