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
 *
 *  large request → RequestBody ──► BodyUploads ────► photon.bodies, then photon.invocations as above
 *  large response ◄── AnswerStream ◄── AnswerStreams: the end of photon.bodies, or what passed before
 * </pre>
 *
 * Below that, {@link dev.photon.ingress.Connections} knows every connection from its accept on, and
 * {@link dev.photon.ingress.Connection} ends one whose client keeps us waiting.
 *
 * <p>Nothing on an event loop blocks: sending happens on a thread of its own, and replies come to each event loop in
 * batches. What goes wrong leaves as {@code application/problem+json} (RFC 9457). Calls are counted on the event loop
 * that answers them; a thread of its own takes the counts to {@code photon.usage}, and another reads there what the whole
 * region counted.
 */
package dev.photon.ingress;
