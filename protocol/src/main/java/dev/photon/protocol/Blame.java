package dev.photon.protocol;

/** Whose fault an error is. It decides who is told, and is the metric label {@code blame}. */
public enum Blame {
    /** The request cannot be served as it was sent. */
    CALLER,
    /** The function broke its contract. */
    FUNCTION,
    /** A stated limit was reached; the same request may succeed later or with a larger limit. */
    LIMIT,
    /** Our own fault, or that of the machinery below us. */
    PLATFORM
}
