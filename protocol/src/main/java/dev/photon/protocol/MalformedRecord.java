package dev.photon.protocol;

/** Leaves a decoder's inner steps; no decoder lets it out. */
final class MalformedRecord extends Exception {
    private static final long serialVersionUID = 1;

    MalformedRecord(String reason) {
        super(reason, null, false, false);
    }

    /** One decoder's steps, which may find the record malformed. */
    interface Steps<T> {
        T run() throws MalformedRecord;
    }

    static <T> Decoded<T> decode(Steps<T> steps) {
        try {
            return new Decoded.Valid<>(steps.run());
        } catch (MalformedRecord e) {
            return new Decoded.Malformed<>(e.getMessage());
        }
    }
}
