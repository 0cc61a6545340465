package dev.photon.ingress.scaler;

/** What a scaler says of a region's work. Immutable. */
public sealed interface Demand {

    /**
     * That is not the same as nothing to do: executors are to stay as they are.
     *
     * @param why one sentence
     */
    record Unknown(String why) implements Demand {}

    /**
     * @param active whether there should be an executor at all
     * @param runs that should go on at once, 0 or more
     */
    record Known(boolean active, double runs) implements Demand {}
}
