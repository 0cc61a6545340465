package dev.photon.protocol;

/**
 * The result of decoding a record: decoding never throws.
 *
 * @param <T> what a well-formed record becomes
 */
public sealed interface Decoded<T> {

    record Valid<T>(T value) implements Decoded<T> {}

    /**
     * @param reason one sentence for the log, without the record's payload
     */
    record Malformed<T>(String reason) implements Decoded<T> {}
}
