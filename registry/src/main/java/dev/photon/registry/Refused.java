package dev.photon.registry;

import dev.photon.protocol.ErrorKind;

/** A command that cannot be accepted; leaves the inner steps of the decision and no more. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1;
    private static final int MAX_LENGTH = 1_000;
    private static final int MAX_QUOTED = 64;

    private final ErrorKind kind;

    Refused(String reason) {
        this(ErrorKind.BAD_REQUEST, reason);
    }

    Refused(ErrorKind kind, String reason) {
        super(reason, null, false, false);
        this.kind = kind;
    }

    /** What a stranger said, as far as a sentence can quote it. */
    static String shortened(String text) {
        return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…";
    }

    /** It quotes strangers, and must fit the record of a result. */
    Verdict.Rejected verdict() {
        var reason = getMessage();
        return new Verdict.Rejected(
                kind, reason.length() <= MAX_LENGTH ? reason : reason.substring(0, MAX_LENGTH) + "…");
    }
}
