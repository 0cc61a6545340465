package dev.photon.executor.outbound;

import dev.photon.executor.outbound.OutboundResult.Kind;
import java.time.Duration;

/** The calls of one run, one after the other. Confined to the thread of the run. */
public interface OutboundCalls {
    /** Of who offers none. */
    OutboundCalls NONE =
            (request, timeout) -> new OutboundResult.Failure(Kind.NOT_ALLOWED, "there are no calls to others here");

    /** There is no room for the answer. */
    OutboundResult.Failure NO_ROOM =
            new OutboundResult.Failure(Kind.TOO_LARGE, "there is no memory for the answer now");

    /**
     * Sends a request and waits for the answer. A request that is refused counts as a call, too.
     *
     * @param timeout for all of it, redirects included
     * @throws InterruptedException when the thread is interrupted meanwhile; the call is cancelled
     */
    OutboundResult send(OutboundRequest request, Duration timeout) throws InterruptedException;

    /**
     * The same with an answer that has to find room.
     *
     * @param room asked on any thread, perhaps after this has returned
     */
    default OutboundResult send(OutboundRequest request, Duration timeout, Room room) throws InterruptedException {
        var result = send(request, timeout);
        return result instanceof OutboundResult.Response answer && !room.take(answer.body().length) ? NO_ROOM : result;
    }
}
