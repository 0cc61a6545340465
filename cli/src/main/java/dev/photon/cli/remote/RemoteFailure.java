package dev.photon.cli.remote;

import java.io.IOException;

/** What went wrong between this command and the region: one sentence, and an exit code that scripts can tell apart. */
public final class RemoteFailure extends IOException {
    private static final long serialVersionUID = 1;

    /** The region refused. */
    static final int REFUSED = 1;
    /** The region failed, or could not be reached: the same command may succeed later. */
    static final int UNAVAILABLE = 3;
    /** There is no such thing. */
    static final int NOT_FOUND = 4;

    private final int exitCode;

    RemoteFailure(int exitCode, String reason) {
        super(reason);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
