package dev.photon.executor.wasm;

/** There is no room for a guest's memory in the budget of its process. */
final class MemoryFull extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MemoryFull() {
        super(null, null, false, false);
    }
}
