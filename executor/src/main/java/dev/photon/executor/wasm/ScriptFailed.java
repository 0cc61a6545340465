package dev.photon.executor.wasm;

/** Thrown out of a script's engine to end the run: its handler, or its top level, failed. */
final class ScriptFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ScriptFailed(String message) {
        super(message, null, false, false);
    }
}
