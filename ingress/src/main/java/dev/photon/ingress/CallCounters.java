package dev.photon.ingress;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.UsageCounters;

/**
 * What is counted of a call: for operators as metrics, and for users as usage, where each call that was admitted counts
 * once. Thread-safe.
 */
final class CallCounters {
    /** Of a call whose client did not wait for the status; no error of ours. */
    private static final int CLIENT_GONE = 499;

    private final IngressMetrics metrics;
    private final UsageCounters usage;

    CallCounters(IngressMetrics metrics, UsageCounters usage) {
        this.metrics = metrics;
        this.usage = usage;
    }

    /**
     * The function answered.
     *
     * @param uploaded bytes of the request's body
     * @param downloaded bytes of the answer's body, as far as they were sent
     */
    void answered(String function, long nanos, int status, int uploaded, int downloaded) {
        metrics.answered(function, nanos);
        usage.count(function, status, uploaded, downloaded);
    }

    /** A problem was the answer. It is ours, so its bytes are not the function's. */
    void failed(String function, long nanos, ErrorKind kind, int uploaded) {
        metrics.failed(function, kind, nanos);
        usage.count(function, kind.status(), uploaded, 0);
    }

    void disconnected(String function) {
        metrics.disconnected(function);
    }

    /** The function's answer had begun, and was not sent to its end. */
    void broken(String function, long nanos, ErrorKind kind, int uploaded, int downloaded) {
        metrics.failed(function, kind, nanos);
        usage.count(function, kind.status(), uploaded, downloaded);
    }

    /** The client went away after the call was sent: the function runs for it all the same. */
    void abandoned(String function, int uploaded, int downloaded) {
        usage.count(function, CLIENT_GONE, uploaded, downloaded);
    }

    /** Before a function was found, or before it was admitted: nothing ran, so nothing was used. */
    void refused(ErrorKind kind) {
        metrics.refused(kind);
    }
}
