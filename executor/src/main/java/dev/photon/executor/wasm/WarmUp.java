package dev.photon.executor.wasm;

/** What a guest does before it is called. Confined to the guest's thread. */
final class WarmUp {
    private WarmUp() {}

    /**
     * Does it within the limits of a run, which ends with it and is closed.
     *
     * @param watch of the run, on this thread
     * @return false when the guest failed, and not only found no room, or an executor that ends
     */
    static boolean succeeds(Runnable task, Run run, Watchdog.Watch watch) {
        try {
            task.run();
            return true;
        } catch (MemoryFull e) {
            return true;
        } catch (RuntimeException | Error e) {
            return !watch.expired() && Thread.currentThread().isInterrupted();
        } finally {
            watch.end();
            try (run) {
                run.ended();
            }
        }
    }
}
