package dev.photon.executor.wasm;

/** Unwinds the guest's stack when it has asked to end. Without a stack trace: most commands end this way. */
final class GuestExit extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    GuestExit(int code) {
        super(null, null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }
}
