package dev.photon.executor.outbound;

import dev.photon.executor.outbound.OutboundResult.Kind;
import java.time.Duration;

/** The calls of one run, as many as it may make. */
final class CountedCalls implements OutboundCalls {
    private final OutboundClient client;
    private final OutboundPolicy policy;
    private final int answerBytes;
    private final Cause cause;
    private final int most;
    private int made;

    CountedCalls(OutboundClient client, OutboundPolicy policy, int most, int answerBytes, Cause cause) {
        this.client = client;
        this.policy = policy;
        this.most = most;
        this.answerBytes = answerBytes;
        this.cause = cause;
    }

    @Override
    public OutboundResult send(OutboundRequest request, Duration timeout) throws InterruptedException {
        return send(request, timeout, bytes -> true);
    }

    @Override
    public OutboundResult send(OutboundRequest request, Duration timeout, Room room) throws InterruptedException {
        if (made == most) {
            return new OutboundResult.Failure(Kind.TOO_MANY_CALLS, "the run has made all the calls it may");
        }
        var index = made++;
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        try {
            return client.send(
                    new Call.Terms(policy, request.redirects(), answerBytes, room),
                    Hop.first(request, cause, index),
                    timeout);
        } catch (CallFailed e) {
            return e.failure();
        }
    }
}
