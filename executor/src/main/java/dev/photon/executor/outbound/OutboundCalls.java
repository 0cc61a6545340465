package dev.photon.executor.outbound;

import dev.photon.executor.outbound.OutboundResult.Kind;
import java.time.Duration;

/** The calls of one run, one after the other. Confined to the thread of the run. */
public interface OutboundCalls {
    /** Of who offers none. */
    OutboundCalls NONE =
            (request, timeout) -> new OutboundResult.Failure(Kind.NOT_ALLOWED, "there are no calls to others here");

    /**
     * Sends a request and waits for the answer. A request that is refused counts as a call, too.
     *
     * @param timeout for all of it, redirects included
     * @throws InterruptedException when the thread is interrupted meanwhile; the call is cancelled
     */
    OutboundResult send(OutboundRequest request, Duration timeout) throws InterruptedException;
}
