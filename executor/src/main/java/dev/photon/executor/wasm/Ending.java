package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Reply;

/** How a guest's run came to its end. */
sealed interface Ending {
    /** A command returned, or exited with code 0; what follows from it is yet to be done. */
    record Returned() implements Ending {}

    /** A handler returned, or a command, and all that follows from it is done. */
    record Answered(Reply.Outcome outcome) implements Ending {}

    /** With a code other than 0, or out of a handler. */
    record Exited(int code) implements Ending {}

    record AnsweredTooMuch() implements Ending {}

    /**
     * Its events did not get where they should.
     *
     * @param reason for its caller and its author
     */
    record NotPublished(ErrorKind kind, String reason) implements Ending {}

    /** Nobody could take its answer. */
    record NotHeard(String reason) implements Ending {}

    /** Its thread was interrupted. By whom, the watch knows. */
    record Interrupted() implements Ending {}

    /** Its memory did not fit beside those of others. */
    record NoRoom() implements Ending {}

    /**
     * It broke a rule of WebAssembly, or ran out of something.
     *
     * @param reason follows "the function trapped: "
     */
    record Trapped(String reason) implements Ending {}

    /**
     * Its own code says so.
     *
     * @param message for its author
     */
    record Failed(String message) implements Ending {}

    /** The compiled code was refused by the JVM. */
    record Unloadable(String reason) implements Ending {}

    /** What it means that this was thrown out of the guest, or out of making its instance. */
    static Ending of(Throwable thrown) {
        return switch (thrown) {
            case ScriptFailed failed -> new Failed(String.valueOf(failed.getMessage()));
            case GuestExit exit -> exit.code() == 0 ? new Returned() : new Exited(exit.code());
            case AnswerTooLarge tooLarge -> new AnsweredTooMuch();
            case Unpublished unpublished ->
                new NotPublished(unpublished.kind(), String.valueOf(unpublished.getMessage()));
            case AnswerLost lost -> new NotHeard(String.valueOf(lost.getMessage()));
            case BadAnswer bad -> new Failed(String.valueOf(bad.getMessage()));
            case MemoryFull full -> new NoRoom();
            case ChicoryInterruptedException interrupted -> new Interrupted();
            case StackOverflowError overflow -> new Trapped("nested calls too deep");
            case OutOfMemoryError exhausted -> new Trapped("out of memory");
            case LinkageError refused -> new Unloadable(String.valueOf(refused.getMessage()));
            case IndexOutOfBoundsException outside -> new Trapped("out of bounds memory access");
            default ->
                thrown.getCause() instanceof StackOverflowError overflow ? of(overflow) : new Trapped(message(thrown));
        };
    }

    /** The same, once its events and all of the answer have arrived: a command's end is the end of its answer. */
    static Ending completed(Ending ending, Run run) {
        if (!(ending instanceof Returned)) {
            return ending;
        }
        try {
            return new Answered(run.answer().outcome(run.emissions()::end));
        } catch (RuntimeException e) {
            return of(e);
        }
    }

    private static String message(Throwable thrown) {
        return thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
    }
}
