/**
 * HTTP in, invocation records out; reply records in, HTTP out.
 *
 * <pre>
 *  event loop                    sender thread            reply thread
 *  request → Admission (permit)
 *          → FunctionView (resolve)
 *          → PendingReplies (await)
 *          → InvocationSender ───► photon.invocations
 *  response ◄─────────────────────────────────────── photon.responses
 * </pre>
 *
 * Nothing on an event loop blocks: sending happens on a thread of its own, and replies come to each event loop in
 * batches. What goes wrong leaves as {@code application/problem+json} (RFC 9457).
 */
package dev.photon.ingress;
