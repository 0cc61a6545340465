package dev.photon.ingress;

import dev.photon.metrics.VersionSeries;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.UsageCounters;

/**
 * What is counted of a call: for operators as metrics, and for users as usage, where each call that was admitted counts
 * once. Thread-safe.
 */
final class CallCounters {
    /** Of a call whose client did not wait for the status; no error of ours. */
    private static final int CLIENT_GONE = 499;

    private static final int ACCEPTED = 202;

    private final IngressMetrics metrics;
    private final VersionSeries<CallMeters> series;
    private final UsageCounters usage;

    CallCounters(IngressMetrics metrics, VersionSeries<CallMeters> series, UsageCounters usage) {
        this.metrics = metrics;
        this.series = series;
        this.usage = usage;
    }

    /** Before a function was found, or before it was admitted: nothing ran, so nothing was used. */
    void refused(ErrorKind kind) {
        metrics.refused(kind);
    }

    /** Refused because the function, or all together, has too much in flight. */
    void overloaded(String function, String version) {
        series.of(function, version).failed(ErrorKind.OVERLOADED);
    }

    /**
     * @param started on {@link System#nanoTime}'s clock
     */
    Call admitted(String function, String version, long started) {
        return new Call(function, series.of(function, version), started);
    }

    /** A call that was admitted. Confined to its event loop; counts one end, the first. */
    final class Call {
        private final String function;
        private final CallMeters meters;
        private final long started;
        private boolean over;

        private Call(String function, CallMeters meters, long started) {
            this.function = function;
            this.meters = meters;
            this.started = started;
            meters.admitted();
        }

        /**
         * The function answered.
         *
         * @param uploaded bytes of the request's body
         * @param downloaded bytes of the answer's body, as far as they were sent
         */
        void answered(int status, int uploaded, int downloaded) {
            if (ends()) {
                responded(status, uploaded, downloaded);
            }
        }

        /** The answer is asked for later: whoever finishes the call counts what was used. */
        void accepted(int uploaded) {
            if (ends()) {
                meters.responded(System.nanoTime() - started, ACCEPTED, uploaded, 0);
            }
        }

        /** A problem was the answer. It is ours, so its bytes are not the function's. */
        void failed(ErrorKind kind, int uploaded) {
            if (ends()) {
                meters.failed(kind);
                responded(kind.status(), uploaded, 0);
            }
        }

        private void responded(int status, int uploaded, int downloaded) {
            meters.responded(System.nanoTime() - started, status, uploaded, downloaded);
            usage.count(function, status, uploaded, downloaded);
        }

        /** The function's answer had begun, and was not sent to its end. */
        void broken(ErrorKind kind, int uploaded, int downloaded) {
            if (ends()) {
                meters.failed(kind);
                responded(kind.status(), uploaded, downloaded);
            }
        }

        /** The client went away before the call was sent. */
        void disconnected() {
            if (ends()) {
                meters.disconnected();
            }
        }

        /** The client went away after the call was sent: the function runs for it all the same. */
        void abandoned(int uploaded, int downloaded) {
            if (ends()) {
                meters.disconnected();
                usage.count(function, CLIENT_GONE, uploaded, downloaded);
            }
        }

        private boolean ends() {
            var first = !over;
            over = true;
            return first;
        }
    }
}
