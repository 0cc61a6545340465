/**
 * Lets functions call out by HTTP, and nowhere that their manifest or the operator does not allow.
 *
 * <pre>
 *  guest thread                        event loop of the call                          DNS thread
 *  OutboundCalls.send ─► OutboundClient
 *     RequestHeaders, Destination ───► Call: a hop is
 *     OutboundPolicy                     OutboundPolicy → Connector: resolve ─────────► DnsResolver
 *     waits for the result,                 every address ─► AddressRules ◄── addresses
 *     or cancels the call                   connect to one of those very addresses
 *  OutboundResult ◄──────────────────────── Body, up to its limit; or the next hop
 * </pre>
 *
 * <p>A guest's thread waits for a future and never does I/O itself, so it may be interrupted at any moment; a call that
 * is no longer waited for is cancelled, and its connection closed. What a guest may do wrong, and what a server may, are
 * values of {@link dev.photon.executor.outbound.OutboundResult}.
 *
 * <p>Names are resolved once for each hop. All addresses of a name must be permitted, and the connection goes to one of
 * those that were checked, so a second answer of a hostile name server is never asked for. The connection pool's key
 * holds address, name, port and scheme: a connection found there had passed the same check.
 */
package dev.photon.executor.outbound;
