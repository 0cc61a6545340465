package dev.photon.executor.wasm;

/** Thrown out of a script's engine to end the run: its handler, or its top level, failed. */
final class ScriptFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_LENGTH = 2_000;

    /**
     * @param message of which a reply gets the begin
     */
    ScriptFailed(String message) {
        super(message.substring(0, Math.min(message.length(), MAX_LENGTH)), null, false, false);
    }
}
