package dev.photon.executor.replay;

import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.executor.outbound.OutboundRequest;
import dev.photon.executor.outbound.OutboundResult;
import dev.photon.executor.outbound.OutboundResult.Kind;
import java.time.Duration;

/** Refuses a run's calls to others, and counts them. Confined to the thread of the run. */
final class RefusedCalls implements OutboundCalls {
    private int count;

    @Override
    public OutboundResult send(OutboundRequest request, Duration timeout) {
        count++;
        return new OutboundResult.Failure(Kind.NOT_ALLOWED, "a replay calls nobody");
    }

    int count() {
        return count;
    }
}
