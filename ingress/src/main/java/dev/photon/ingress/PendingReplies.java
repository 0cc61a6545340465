package dev.photon.ingress;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Reply;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests that wait for their reply, by invocation id. The first outcome wins, whether a reply, a failed send or
 * the deadline; it is delivered once, on the event loop of the request. Thread-safe. {@link Admission} bounds the size.
 */
final class PendingReplies {
    private static final Logger LOG = LoggerFactory.getLogger(PendingReplies.class);

    /** Takes what came of a call. */
    interface Receiver {
        /**
         * @param version that ran; empty when none did
         */
        void receive(Reply.Outcome outcome, Optional<String> version);
    }

    /**
     * A request that waits.
     *
     * @param deadlineNanos on {@link System#nanoTime}'s clock
     */
    record Waiter(Context context, long deadlineNanos, Receiver receiver) {}

    private record Delivery(Receiver receiver, Reply.Outcome outcome, Optional<String> version) {
        /** A receiver that fails must not keep the others of its batch waiting. */
        void run() {
            try {
                receiver.receive(outcome, version);
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("reply could not be delivered");
            }
        }
    }

    private final Map<String, Waiter> waiters = new ConcurrentHashMap<>();
    private final LongAdder unmatched = new LongAdder();

    /**
     * @return whether it waits now; it does not when another one of that id does
     */
    boolean await(String invocationId, Waiter waiter) {
        return waiters.putIfAbsent(invocationId, waiter) == null;
    }

    boolean has(String invocationId) {
        return waiters.containsKey(invocationId);
    }

    /** The request is gone; a reply that comes later is counted as unmatched. */
    boolean forget(String invocationId) {
        return waiters.remove(invocationId) != null;
    }

    /** Delivers a batch: one task for each event loop, however many replies there are. */
    void complete(List<Reply> replies) {
        var byContext = new IdentityHashMap<Context, List<Delivery>>();
        for (var reply : replies) {
            var waiter = waiters.remove(reply.invocationId());
            if (waiter == null) {
                unmatched.increment();
            } else {
                add(byContext, waiter, reply.outcome(), reply.version());
            }
        }
        deliver(byContext);
    }

    void fail(String invocationId, ErrorKind kind, String message) {
        var waiter = waiters.remove(invocationId);
        if (waiter != null) {
            var failure = new Reply.Failure(kind, message);
            var delivery = new Delivery(waiter.receiver(), failure, Optional.empty());
            waiter.context().runOnContext(ignored -> delivery.run());
        }
    }

    /** Fails what is past its deadline. */
    void sweep(long nowNanos) {
        var byContext = new IdentityHashMap<Context, List<Delivery>>();
        waiters.forEach((id, waiter) -> {
            if (nowNanos - waiter.deadlineNanos() >= 0 && waiters.remove(id, waiter)) {
                var failure = new Reply.Failure(ErrorKind.TIMEOUT, "no answer came before the deadline");
                add(byContext, waiter, failure, Optional.empty());
            }
        });
        deliver(byContext);
    }

    /** Fails what is still waiting. */
    void failAll(ErrorKind kind, String message) {
        waiters.keySet().forEach(id -> fail(id, kind, message));
    }

    private static void add(
            Map<Context, List<Delivery>> byContext, Waiter waiter, Reply.Outcome outcome, Optional<String> version) {
        byContext
                .computeIfAbsent(waiter.context(), context -> new ArrayList<>())
                .add(new Delivery(waiter.receiver(), outcome, version));
    }

    private static void deliver(Map<Context, List<Delivery>> byContext) {
        byContext.forEach((context, batch) -> context.runOnContext(ignored -> batch.forEach(Delivery::run)));
    }

    int size() {
        return waiters.size();
    }

    /** Replies that nobody waited for: late, repeated, or of a request whose client had gone. */
    long unmatched() {
        return unmatched.sum();
    }
}
