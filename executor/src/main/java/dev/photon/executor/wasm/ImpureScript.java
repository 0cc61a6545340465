package dev.photon.executor.wasm;

/** Thrown out of a script's engine while the script is loaded: its top level asks for what differs between runs. */
final class ImpureScript extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ImpureScript() {
        super("", null, false, false);
    }
}
