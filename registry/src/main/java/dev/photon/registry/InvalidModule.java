package dev.photon.registry;

/** The bytes are not a module that can run here. The message is one short sentence for the function's author. */
public final class InvalidModule extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MAX_LENGTH = 1_000;

    public InvalidModule(String reason) {
        super(shortened(reason));
    }

    /** The cause tells the rest of the sentence. */
    public InvalidModule(String reason, Throwable cause) {
        super(shortened(reason + ": " + cause.getMessage()), cause);
    }

    private static String shortened(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
    }
}
