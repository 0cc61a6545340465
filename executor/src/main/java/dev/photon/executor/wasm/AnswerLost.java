package dev.photon.executor.wasm;

/** Unwinds the guest's stack when nobody can take its answer: the rest of its work would be in vain. */
public final class AnswerLost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param reason one sentence for the caller
     */
    public AnswerLost(String reason) {
        super(reason, null, false, false);
    }
}
