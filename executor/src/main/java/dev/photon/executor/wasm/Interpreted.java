package dev.photon.executor.wasm;

import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Reply;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A module that is interpreted until it is compiled: parsed it is large. Once it is to {@link #rest}, and the last run has
 * ended, it is gone, whoever still holds this. Thread-safe.
 */
final class Interpreted implements LoadedFunction {
    private static final LoadedFunction GONE = new Gone();

    private final Lease lease;
    private final AtomicBoolean rests = new AtomicBoolean();
    private volatile LoadedFunction function;

    /**
     * @param lease of what it takes; its maker's part is this one's to end
     */
    Interpreted(LoadedFunction function, Lease lease) {
        this.function = function;
        this.lease = lease;
    }

    private record Gone() implements LoadedFunction {
        @Override
        public Reply.Outcome run(
                GuestRequest request,
                RunLimits limits,
                GuestLog log,
                OutboundCalls calls,
                LargeAnswer large,
                EventSink events) {
            return new Reply.Failure(ErrorKind.UNAVAILABLE, "the function is interpreted no more");
        }

        @Override
        public long codeBytes() {
            return 0;
        }
    }

    @Override
    public Reply.Outcome run(
            GuestRequest request,
            RunLimits limits,
            GuestLog log,
            OutboundCalls calls,
            LargeAnswer large,
            EventSink events) {
        if (!lease.enter()) {
            return GONE.run(request, limits, log, calls, large, events);
        }
        try {
            return function.run(request, limits, log, calls, large, events);
        } finally {
            lease.leave();
        }
    }

    @Override
    public void rest() {
        if (rests.compareAndSet(false, true)) {
            function.rest();
            function = GONE;
            lease.leave();
        }
    }

    @Override
    public long codeBytes() {
        return function.codeBytes();
    }
}
