package dev.photon.executor;

import dev.photon.protocol.Blame;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Reply;

/** What an attempt's outcome means for its record. */
sealed interface Ruling {
    int LEAST_REFUSAL = 400;
    int LEAST_FAILURE = 500;

    record Done(Reply.Answer answer) implements Ruling {}

    /** Another attempt would end the same. */
    record Hopeless(ErrorKind kind, String message) implements Ruling {}

    record Failed(ErrorKind kind, String message) implements Ruling {}

    /** The function did not run, for no fault of the record or the function. */
    record NotRun(String message) implements Ruling {}

    static Ruling of(Reply.Outcome outcome) {
        return switch (outcome) {
            case Reply.Answer answer -> of(answer);
            // Only ingresses are answered so.
            case Reply.Begun begun -> new Failed(ErrorKind.INTERNAL, "the answer went elsewhere");
            case Reply.Failure failure -> of(failure);
        };
    }

    private static Ruling of(Reply.Answer answer) {
        if (answer.status() < LEAST_REFUSAL) {
            return new Done(answer);
        }
        var message = "the function answered " + answer.status();
        return answer.status() < LEAST_FAILURE
                ? new Hopeless(ErrorKind.BAD_REQUEST, message)
                : new Failed(ErrorKind.FUNCTION_FAILED, message);
    }

    /** A function that is not found is gone since the record was taken, and so is its trigger in a moment. */
    private static Ruling of(Reply.Failure failure) {
        if (failure.kind() == ErrorKind.UNAVAILABLE || failure.kind() == ErrorKind.NOT_FOUND) {
            return new NotRun(failure.message());
        }
        return failure.kind().blame() == Blame.CALLER
                ? new Hopeless(failure.kind(), failure.message())
                : new Failed(failure.kind(), failure.message());
    }
}
