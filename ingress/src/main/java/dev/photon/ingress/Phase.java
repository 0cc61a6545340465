package dev.photon.ingress;

import dev.photon.protocol.ErrorKind;

/** Where an ingress is in its life. */
enum Phase {
    STARTING,
    SERVING,
    /** It takes no new connections, but answers on those that there are. */
    LEAVING,
    STOPPED;

    static final Problem NOT_SERVING = new Problem(ErrorKind.UNAVAILABLE, "this ingress is starting or stopping");

    boolean serves() {
        return this == SERVING || this == LEAVING;
    }
}
