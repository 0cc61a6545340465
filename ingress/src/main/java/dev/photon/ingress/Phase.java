package dev.photon.ingress;

/** Where an ingress is in its life. */
enum Phase {
    STARTING,
    SERVING,
    /** It takes no new connections, but answers on those that there are. */
    LEAVING,
    STOPPED;

    boolean serves() {
        return this == SERVING || this == LEAVING;
    }
}
