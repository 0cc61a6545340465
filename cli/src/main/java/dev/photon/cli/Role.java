package dev.photon.cli;

/** What a process can be in a region. */
public enum Role {
    REGISTRY,
    REPLICATOR,
    INGRESS,
    EXECUTOR
}
