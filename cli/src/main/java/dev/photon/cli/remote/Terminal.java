package dev.photon.cli.remote;

/** Whether a person sits in front of this command. */
public final class Terminal {
    private Terminal() {}

    /** Input and output are a terminal's. */
    @SuppressWarnings("SystemConsoleNull") // it is null where they are not
    public static boolean isThere() {
        return System.console() != null && System.console().isTerminal();
    }
}
