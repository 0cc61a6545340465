package dev.photon.executor.wasm;

/** A host function was called in a way that its interface forbids, which ends the run as a trap does. */
final class BadCall extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadCall(String reason) {
        super(reason, null, false, false);
    }

    /** The same, with the function's name. */
    BadCall in(String function) {
        return new BadCall(function + ": " + getMessage());
    }
}
