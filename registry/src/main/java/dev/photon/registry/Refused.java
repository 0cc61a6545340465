package dev.photon.registry;

import dev.photon.protocol.ErrorKind;

/** A command that cannot be accepted; leaves the inner steps of the decision and no more. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final ErrorKind kind;

    Refused(String reason) {
        this(ErrorKind.BAD_REQUEST, reason);
    }

    Refused(ErrorKind kind, String reason) {
        super(reason, null, false, false);
        this.kind = kind;
    }

    Verdict.Rejected verdict() {
        return new Verdict.Rejected(kind, getMessage());
    }
}
