package dev.photon.executor;

import dev.photon.executor.wasm.CompiledFunction;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.Reply;
import dev.photon.registry.Manifest;

/** What happens to an invocation once its function is there. Called by many threads at once. */
public interface GuestRunner {

    /**
     * Runs to the end on the calling thread.
     *
     * @param limitMillis after which the run is ended
     */
    Reply.Outcome run(CompiledFunction function, Manifest manifest, Invocation invocation, long limitMillis);
}
