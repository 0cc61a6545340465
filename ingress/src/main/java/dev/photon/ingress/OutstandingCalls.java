package dev.photon.ingress;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The calls whose answer is asked for later, that were taken here and have not ended. Each holds a permit, until an
 * executor says that it has ended, or its deadline. Thread-safe.
 */
final class OutstandingCalls {
    private final Map<String, Held> calls = new ConcurrentHashMap<>();

    /**
     * @param deadlineNanos on {@link System#nanoTime}'s clock
     */
    private record Held(Admission.Permit permit, long deadlineNanos) {}

    void add(String invocationId, Admission.Permit permit, long deadlineNanos) {
        calls.put(invocationId, new Held(permit, deadlineNanos));
    }

    /** Whether it was one. */
    boolean end(String invocationId) {
        var ended = calls.remove(invocationId);
        if (ended != null) {
            ended.permit().close();
        }
        return ended != null;
    }

    /** Ends those that are past their deadline. */
    void sweep(long nowNanos) {
        calls.forEach((id, held) -> {
            if (nowNanos - held.deadlineNanos() >= 0) {
                end(id);
            }
        });
    }

    int size() {
        return calls.size();
    }
}
