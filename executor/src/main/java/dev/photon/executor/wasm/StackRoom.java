package dev.photon.executor.wasm;

/**
 * Sees that a function of the host has stack enough to come to its end. A guest chooses how deep it calls; where the
 * stack ends in the middle of something that all guests share, that is broken for all of them: a lock is never given
 * back, or memory never counted as free.
 */
final class StackRoom {
    /** At least 16 KiB when compiled, 80 when interpreted; in a microsecond. */
    private static final int FRAMES = 1_000;

    private StackRoom() {}

    /**
     * To be called before what is shared is touched.
     *
     * @throws StackOverflowError when there is not enough
     */
    static void require() {
        if (descend(FRAMES) != FRAMES) {
            throw new IllegalStateException("the stack was not walked");
        }
    }

    private static int descend(int frames) {
        return frames == 0 ? 0 : descend(frames - 1) + 1;
    }
}
