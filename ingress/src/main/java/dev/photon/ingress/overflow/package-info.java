/**
 * The other regions, as an ingress sees them: which of them answer, and how far away they are.
 *
 * <pre>
 *  every two seconds, to each:  GET /api/faas/v1/ready ─► Standing: state, round trip, failures in a row
 *  a call that went there       answered, or not       ─►
 *
 *  what our log says of it    drained, known so far  ─► Hearsay
 *
 *  a function's placement ─► those that may answer, the nearest first
 * </pre>
 *
 * Standings are replaced as a whole, from whichever event loop has news.
 */
package dev.photon.ingress.overflow;
