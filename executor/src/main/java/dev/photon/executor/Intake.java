package dev.photon.executor;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Takes records off the poll thread. */
interface Intake {

    /** What the lane wants to know of one record. */
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

    /** Returns at once; {@code work} is finished later, on any thread. */
    void accept(ConsumerRecord<byte[], byte[]> source, Work work);

    /** The partition is someone else's now: what is under way of it is not wanted any more. Returns at once. */
    default void released(TopicPartition partition) {}
}
