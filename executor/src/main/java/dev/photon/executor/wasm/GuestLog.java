package dev.photon.executor.wasm;

/** Where a run's standard error goes. Called at most once in a run, by the thread that ran it, after the guest ended. */
@FunctionalInterface
public interface GuestLog {
    /** Forgets what it is told. */
    GuestLog NONE = (kept, dropped) -> {};

    /**
     * Takes what the guest wrote.
     *
     * @param kept the first bytes that the guest wrote, 1 to 65,536; whatever the guest took for text
     * @param dropped how many bytes came after those and are lost
     */
    void write(byte[] kept, long dropped);
}
