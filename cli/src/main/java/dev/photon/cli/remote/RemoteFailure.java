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

    /** What it means to a script that a call of a function, or of the API, had this HTTP status. */
    public static RemoteFailure ofStatus(int status, String reason) {
        var exitCode = status == 404 ? NOT_FOUND : status < 500 && status != 429 ? REFUSED : UNAVAILABLE;
        return new RemoteFailure(exitCode, reason);
    }

    public int exitCode() {
        return exitCode;
    }
}
