/**
 * Retained records in, the differences between two versions out; nothing else leaves.
 *
 * <pre>
 *  a replay's thread                                    threads of the lowest priority
 *  Stretch: read, in no group → RecordSource: decode ──► Trial: both versions run, compared
 *                  Report, Outputs ◄── in the order of reading ──┘
 * </pre>
 *
 * So many records at once as {@link dev.photon.executor.replay.ReplayRun} says are on their way, and of an answer no more
 * is kept than its digest and its beginning.
 */
package dev.photon.executor.replay;
