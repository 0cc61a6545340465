package dev.photon.executor.replay;

/** Whether a replay is to go on. */
public interface Standing {
    /**
     * Asked a few times a second, at least.
     *
     * @throws Stopped when it is not
     */
    void require() throws Stopped;
}
