package dev.photon.protocol;

/** A file of the operator's cannot be used; the message is a sentence for the operator, without what the file holds. */
public final class UnfitFile extends Exception {
    private static final long serialVersionUID = 1;

    public UnfitFile(String message) {
        super(message);
    }
}
