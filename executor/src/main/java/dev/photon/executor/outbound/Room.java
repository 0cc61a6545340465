package dev.photon.executor.outbound;

/** Memory of this process that is asked for before it is used. */
@FunctionalInterface
public interface Room {
    /**
     * @param bytes at least 0
     * @return false when there is none now, and nothing was taken
     */
    boolean take(long bytes);

    /** Gives back some of what was taken; what is not given back goes with its owner. */
    default void give(long bytes) {}
}
