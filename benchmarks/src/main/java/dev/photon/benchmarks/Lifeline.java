package dev.photon.benchmarks;

import java.io.IOException;

/** Ties a process of this package to the one that started it: it ends when its standard input does. */
final class Lifeline {
    private Lifeline() {}

    /** Says that the server is there, then waits until nobody needs it. */
    static void serve(String address) throws IOException {
        System.out.println(ServerProcess.READY + address);
        while (System.in.read() >= 0) {
            // Nobody writes; only the end counts.
        }
    }
}
