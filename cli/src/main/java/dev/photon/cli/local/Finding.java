package dev.photon.cli.local;

/**
 * What {@code faas doctor} found about one thing.
 *
 * @param detail one sentence
 */
record Finding(String subject, State state, String detail) {
    enum State {
        OK,
        /** Missing, and nothing that was asked for needs it. */
        WARNING,
        /** Missing, and needed. */
        PROBLEM
    }

    static Finding ok(String subject, String detail) {
        return new Finding(subject, State.OK, detail);
    }

    static Finding missing(String subject, boolean needed, String detail) {
        return new Finding(subject, needed ? State.PROBLEM : State.WARNING, detail);
    }
}
