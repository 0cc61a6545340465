package dev.photon.ingress;

import dev.photon.ingress.ForwardMeters.Outcome;
import dev.photon.protocol.ErrorKind;
import io.vertx.core.http.HttpClientResponse;

/** What became of a call in another region, by what that says beside the answer. */
enum Disposition {
    /** By the function, or for good. */
    ANSWERED(Outcome.ANSWERED),
    /** Nothing of it ran, nor will. */
    REFUSED(Outcome.REFUSED),
    /** The same, as the caller's key is not known there. */
    KEY_REFUSED(Outcome.REFUSED),
    /** It may have run, and its answer is lost. */
    UNANSWERED(Outcome.BROKEN);

    private final Outcome outcome;

    Disposition(Outcome outcome) {
        this.outcome = outcome;
    }

    static Disposition of(HttpClientResponse answer) {
        if (answer.headers().contains(Http.NOT_RUN)) {
            return isAboutKeys(answer.statusCode()) ? KEY_REFUSED : REFUSED;
        }
        return answer.headers().contains(Http.UNANSWERED) ? UNANSWERED : ANSWERED;
    }

    private static boolean isAboutKeys(int status) {
        return status == ErrorKind.UNAUTHORIZED.status() || status == ErrorKind.FORBIDDEN.status();
    }

    /** Whether another region may be asked. */
    boolean allowsAnother(Leaving call) {
        return switch (this) {
            case REFUSED, KEY_REFUSED -> true;
            case UNANSWERED -> call.isIdempotent();
            case ANSWERED -> false;
        };
    }

    /** As it is counted. */
    Outcome outcome() {
        return outcome;
    }
}
