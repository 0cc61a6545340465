package dev.photon.executor.wasm;

import dev.photon.protocol.ErrorKind;

/** A run's events did not get where they should, so that the run has failed. */
public final class Unpublished extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final ErrorKind kind;

    /**
     * @param reason one sentence, for the caller and the function's log
     */
    public Unpublished(ErrorKind kind, String reason) {
        super(reason, null, false, false);
        this.kind = kind;
    }

    ErrorKind kind() {
        return kind;
    }
}
