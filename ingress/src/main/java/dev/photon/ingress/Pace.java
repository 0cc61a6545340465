package dev.photon.ingress;

/** Whether bytes come through fast enough, judged at least once in each window. Confined to its event loop. */
final class Pace {
    /** The slowest line that is served. */
    static final int BYTES_PER_SECOND = 500;

    private long waited;
    private long start;

    /**
     * @param bytes that came through so far
     * @param millis that went by since this was asked before
     * @param window milliseconds
     * @param shares how many wait for their part of the line
     */
    boolean isTooSlow(long bytes, int millis, int window, long shares) {
        if ((bytes - start) * 1_000 >= shares * window * BYTES_PER_SECOND) {
            restart(bytes);
            return false;
        }
        waited += millis;
        return waited > window;
    }

    /** A new window begins. */
    void restart(long bytes) {
        waited = 0;
        start = bytes;
    }
}
