package dev.photon.executor.outbound;

import dev.photon.executor.outbound.OutboundResult.Kind;
import java.time.Duration;
import java.util.Optional;

/** The calls of one run, as many as it may make. */
final class CountedCalls implements OutboundCalls {
    private final OutboundClient client;
    private final OutboundPolicy policy;
    private final int answerBytes;
    private final Optional<String> traceparent;
    private int left;

    CountedCalls(
            OutboundClient client, OutboundPolicy policy, int most, int answerBytes, Optional<String> traceparent) {
        this.client = client;
        this.policy = policy;
        this.left = most;
        this.answerBytes = answerBytes;
        this.traceparent = traceparent;
    }

    @Override
    public OutboundResult send(OutboundRequest request, Duration timeout) throws InterruptedException {
        if (left == 0) {
            return new OutboundResult.Failure(Kind.TOO_MANY_CALLS, "the run has made all the calls it may");
        }
        left--;
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        try {
            return client.send(
                    new Call.Terms(policy, request.redirects(), answerBytes), Hop.first(request, traceparent), timeout);
        } catch (CallFailed e) {
            return e.failure();
        }
    }
}
