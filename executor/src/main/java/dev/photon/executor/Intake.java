package dev.photon.executor;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Takes records off the poll thread. */
interface Intake {

    /**
     * The time for which a partition is ours. When it is lost and comes back, to whichever consumer of this process, that is
     * another one: each is equal to itself alone.
     */
    interface Ownership {
        /** Whether the partition is someone else's. */
        boolean isOver();
    }

    /** What is asked, and told, of one record. */
    interface Work {

        /** Whether to run it still; false once its partition is someone else's. */
        boolean wanted();

        /** It is over: answered, or skipped for good. */
        void finished();

        /** Whether a try that comes to no end may be followed by the run that counts. */
        default boolean mayRunTwice() {
            return true;
        }

        /** It was not run, as it is not {@link #wanted}. */
        default void left() {}
    }

    /** Work for as long as its partition is ours. */
    interface Owned extends Work {
        Ownership ownership();

        @Override
        default boolean wanted() {
            return !ownership().isOver();
        }
    }

    /** Returns at once; {@code work} is finished later, on any thread. */
    void accept(ConsumerRecord<byte[], byte[]> source, Owned work);

    /** The partition is someone else's now: what is under way of it is not wanted any more. Returns at once. */
    default void released(Ownership ended) {}
}
