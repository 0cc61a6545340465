package dev.photon.executor.wasm;

/** The bytes are not a module that can run here. The message is one sentence for the function's author. */
public final class InvalidModule extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidModule(String reason) {
        super(reason);
    }

    InvalidModule(String reason, Throwable cause) {
        super(reason, cause);
    }
}
