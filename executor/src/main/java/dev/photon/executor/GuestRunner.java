package dev.photon.executor;

import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.executor.wasm.LargeAnswer;
import dev.photon.executor.wasm.LoadedFunction;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.Reply;
import dev.photon.registry.Manifest;
import java.util.Optional;

/** What happens to an invocation once its function is there. Called by many threads at once. */
public interface GuestRunner {

    /**
     * Runs to the end on the calling thread.
     *
     * @param limitMillis after which the run is ended
     */
    Reply.Outcome run(LoadedFunction function, Manifest manifest, Invocation invocation, long limitMillis, Ways ways);

    /**
     * What leaves a run beside its outcome.
     *
     * @param large takes an answer that does not fit one record
     * @param events takes what it publishes; empty for that it is published at once
     */
    record Ways(LargeAnswer large, Optional<EventPublisher> events) {}

    /**
     * Runs to the end on the calling thread, within the function's own time, and has no effect beside the outcome: nothing
     * is logged, and no instance is shared with other runs.
     *
     * @param calls gets the calls to others
     * @param ways with what takes the events
     */
    default Reply.Outcome rerun(
            LoadedFunction function, Manifest manifest, Invocation invocation, OutboundCalls calls, Ways ways) {
        return run(function, manifest, invocation, manifest.limits().timeoutMillis(), ways);
    }

    /**
     * Gets a function ready before it is called, on the calling thread.
     *
     * @return false when the function failed, as it will when it is called
     */
    default boolean warmUp(LoadedFunction function, Manifest manifest) {
        return true;
    }

    /**
     * Tries a function that is interpreted until it is compiled, on the calling thread and not for long.
     *
     * @return empty when that came to no answer, or was not tried: it has to be run, and nobody has heard of this
     */
    default Optional<Reply.Answer> attempt(
            LoadedFunction interpreted, Manifest manifest, Invocation invocation, long limitMillis) {
        return Optional.empty();
    }
}
