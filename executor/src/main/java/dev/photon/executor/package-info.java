/**
 * Invocation records in, reply records out; functions run in between.
 *
 * <pre>
 *  poll thread                        guest threads                         producer's thread
 *  RecordLoop: poll → Lane.begin ───► InvocationRunner: decode → Attempt: deadline
 *                                      → resolve → load → run → reply ────► acknowledged → Lane.finish
 *            commit ◄── Lane: contiguous prefix, and what is finished beyond it
 *
 *  photon.bodies ──► LargeRequests: before the run      LargeAnswers: during the run ──► photon.bodies
 *  photon.cancellations ──► Cancellations: ends the run
 * </pre>
 *
 * The poll thread never runs a function and never waits for one, except to drain a partition that is taken away.
 * Invocations of one partition run at once and out of order; what is committed is only what is done.
 */
package dev.photon.executor;
