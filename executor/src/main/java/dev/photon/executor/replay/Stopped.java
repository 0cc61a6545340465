package dev.photon.executor.replay;

/** A replay ends before all was compared; says why, in one sentence for who started it. */
public final class Stopped extends Exception {
    private static final long serialVersionUID = 1;

    public Stopped(String reason) {
        super(reason, null, false, false);
    }
}
