package dev.photon.benchmarks;

/** A scenario cannot be measured on this machine; the message says what is missing. */
final class Skipped extends Exception {
    private static final long serialVersionUID = 1;

    Skipped(String reason) {
        super(reason, null, false, false);
    }
}
