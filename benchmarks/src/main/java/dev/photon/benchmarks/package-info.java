/**
 * Measures the numbered scenarios side by side, from nothing but the processor to the whole system, so that each
 * layer's cost is a subtraction.
 *
 * <pre>
 *  Benchmarks ─► Catalogue ─► Scenario ──start──► ServerProcess ◄── Wrk   (over HTTP)
 *                                │   └────start──► a main of this package (without HTTP), prints its Levels
 *                                └──► Results ─► Mark ─► Ratio
 * </pre>
 *
 * Whatever is measured runs in a process of its own, on loopback, and is gone when the run is over. All orchestration
 * is on the main thread.
 */
package dev.photon.benchmarks;
