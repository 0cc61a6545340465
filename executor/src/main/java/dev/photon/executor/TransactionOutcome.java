package dev.photon.executor;

/** What came of a transaction. */
enum TransactionOutcome {
    COMMITTED,
    /** It is made again, perhaps without what was refused. */
    ABORTED,
    /** The group knows no such member of its any more. */
    FENCED,
    /** Whoever has its partitions next finds out. */
    UNKNOWN
}
