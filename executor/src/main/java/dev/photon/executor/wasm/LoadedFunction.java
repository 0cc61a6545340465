package dev.photon.executor.wasm;

import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.protocol.Reply;

/** A function that is ready to answer. Thread-safe. */
public interface LoadedFunction {

    /**
     * Runs the function once, on the calling thread, which should be one of {@link GuestThreads} for its stack. Never
     * throws for what the guest does. An interrupt that is not the watchdog's ends the run as unavailable and leaves
     * the thread's flag set.
     *
     * @param log gets what the guest logs
     * @param calls makes the guest's calls to others
     * @param large takes an answer that does not fit one record; the outcome is what its {@link LargeAnswer#end} said,
     *     or a failure
     * @param events takes what the guest publishes
     */
    Reply.Outcome run(
            GuestRequest request,
            RunLimits limits,
            GuestLog log,
            OutboundCalls calls,
            LargeAnswer large,
            EventSink events);

    /** Runs the function once, without events. */
    default Reply.Outcome run(
            GuestRequest request, RunLimits limits, GuestLog log, OutboundCalls calls, LargeAnswer large) {
        return run(request, limits, log, calls, large, EventSink.NONE);
    }

    /** Runs the function once, with an answer that fits one record. */
    default Reply.Outcome run(GuestRequest request, RunLimits limits, GuestLog log, OutboundCalls calls) {
        return run(request, limits, log, calls, LargeAnswer.NONE);
    }

    /** Runs the function once, without calls to others and with an answer that fits one record. */
    default Reply.Outcome run(GuestRequest request, RunLimits limits, GuestLog log) {
        return run(request, limits, log, OutboundCalls.NONE);
    }

    /**
     * Gets ready before it is called, on the calling thread, which should be one of {@link GuestThreads}: does what a
     * first call would have to do, as far as there is memory for it now.
     *
     * @param request whose function, version and variables count
     * @param instances of a handler that wait for a request from now on, also when none comes; of others there are none
     * @return false when the guest failed, as it will at its first call, which tells why
     */
    default boolean warmUp(GuestRequest request, RunLimits limits, GuestLog log, int instances) {
        return true;
    }

    /** Lets go what it holds for the next call. It can still run, unless it is interpreted: that is over. */
    default void rest() {}

    /** Instances that wait for the next request of this version. */
    default int warmInstances(String function, String version) {
        return 0;
    }

    /** Bytes of code that it keeps loaded. */
    long codeBytes();
}
