package dev.photon.registry;

/** What the holder of a key may do. */
public enum KeyRole {
    /** Everything, keys included. */
    ADMIN,
    /** Change functions and aliases. */
    DEPLOY,
    /** Call functions. */
    INVOKE,
    /** See what there is, and the metrics. */
    READ
}
