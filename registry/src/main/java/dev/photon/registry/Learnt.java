package dev.photon.registry;

/** What somebody was asked, or why it is not known. */
sealed interface Learnt<T> {
    /**
     * The answer.
     *
     * @throws Refused when it is not known
     */
    T orRefuse() throws Refused;

    record Known<T>(T value) implements Learnt<T> {
        @Override
        public T orRefuse() {
            return value;
        }
    }

    record Unknown<T>(Refused reason) implements Learnt<T> {
        @Override
        public T orRefuse() throws Refused {
            throw reason;
        }
    }
}
