package dev.photon.executor.wasm;

import dev.photon.protocol.LogLevel;

/** Where what a run logs goes. Called by the thread that runs it. */
public interface GuestLog {
    /** Forgets what it is told. */
    GuestLog NONE = new GuestLog() {
        @Override
        public boolean keeps(LogLevel level) {
            return false;
        }

        @Override
        public void line(LogLevel level, String text) {}

        @Override
        public void write(byte[] kept, long dropped) {}
    };

    /** Whether a line of that level is of any use. */
    boolean keeps(LogLevel level);

    /**
     * Takes a line that the guest, or the platform about this run, gave a level; during the run. Those of a run have at
     * most {@link RunLimits#logBytes} bytes together.
     */
    void line(LogLevel level, String text);

    /**
     * Takes what the guest wrote to its standard error; at most once in a run, after the guest ended.
     *
     * @param kept the first bytes that the guest wrote, 1 to {@link RunLimits#logBytes}; whatever it took for text
     * @param dropped how many bytes came after those and are lost
     */
    void write(byte[] kept, long dropped);
}
