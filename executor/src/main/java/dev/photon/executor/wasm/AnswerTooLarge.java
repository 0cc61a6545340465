package dev.photon.executor.wasm;

/** Unwinds the guest's stack when its answer has passed the limit: the rest of its work would be in vain. */
final class AnswerTooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AnswerTooLarge() {
        super(null, null, false, false);
    }
}
