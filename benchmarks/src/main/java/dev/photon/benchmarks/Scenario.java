package dev.photon.benchmarks;

import java.io.IOException;

/** One of the things that are measured side by side. */
interface Scenario {
    String name();

    /** One line: what it is. */
    String title();

    /**
     * Starts what is measured, measures it and stops it.
     *
     * @throws Skipped when something it needs is not on this machine
     * @throws IOException when what is measured did not do what it should
     */
    void measure(Bench bench, Results results) throws Skipped, IOException, InterruptedException;
}
