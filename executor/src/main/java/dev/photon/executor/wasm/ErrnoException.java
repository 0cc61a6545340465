package dev.photon.executor.wasm;

/** A call of the guest failed, with one of {@link Errno}. Without a stack trace: guests make it happen as they like. */
final class ErrnoException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int errno;

    ErrnoException(int errno) {
        super(null, null, false, false);
        this.errno = errno;
    }

    int errno() {
        return errno;
    }
}
