/**
 * The dead letters of a region: found in the log, sent to be tried again, or dropped.
 *
 * <pre>
 *  photon.dead-letters ──► DeadLetterReader ──► Selection: the first so many, in an order
 *                                   │ whole records, by where they lie
 *                                   ▼
 *                            DeadLetterSender ──► photon.redrives, or tombstones on photon.dead-letters
 * </pre>
 *
 * Everything here blocks, and runs on worker threads. Nothing is kept between two requests.
 */
package dev.photon.ingress.deadletters;
