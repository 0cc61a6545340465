package dev.photon.executor;

import dev.photon.protocol.Invocation;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyTo;
import dev.photon.protocol.UsageCounters;

/**
 * Counts the calls that were published straight to Kafka, and those whose answer is asked for later. The others that came
 * by HTTP are counted by the ingress that answers them, once, however often executors run them. Thread-safe.
 */
final class EventUsage {
    private final UsageCounters counters;

    EventUsage(UsageCounters counters) {
        this.counters = counters;
    }

    void finished(Invocation invocation, String function, Reply.Outcome outcome) {
        var uploaded = invocation.body().length;
        switch (invocation.replyTo()) {
            case ReplyTo.Ingress ingress -> {}
            case ReplyTo.Results kept -> counters.count(function, status(outcome), uploaded, size(outcome));
            case ReplyTo.Topic topic -> counters.count(function, status(outcome), uploaded, size(outcome));
            case ReplyTo.Nobody nobody -> counters.count(function, status(outcome), uploaded, 0);
        }
    }

    private static int status(Reply.Outcome outcome) {
        return switch (outcome) {
            case Reply.Answer answer -> answer.status();
            case Reply.Begun begun -> begun.status();
            case Reply.Failure failure -> failure.kind().status();
        };
    }

    private static int size(Reply.Outcome outcome) {
        return switch (outcome) {
            case Reply.Answer answer -> answer.body().length;
            // Only ingresses are answered so, and count by themselves.
            case Reply.Begun begun -> 0;
            case Reply.Failure failure -> 0;
        };
    }
}
