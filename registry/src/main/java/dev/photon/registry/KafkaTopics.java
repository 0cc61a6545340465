package dev.photon.registry;

import java.time.Duration;
import java.util.Optional;

/** Topics that the registry makes and deletes for an operator. Asks the brokers, and blocks for seconds. */
interface KafkaTopics {
    /**
     * A topic that is there.
     *
     * @param retention how long it keeps records; empty when it is not bounded in time
     */
    record Found(int partitions, Optional<Duration> retention) {}

    /**
     * Makes a topic unless there is one of the name, which is left as it is.
     *
     * @return the one that was there; empty when it was made
     * @throws Refused when there is none and none can be made, or the one that is there would lose records
     */
    Optional<Found> ensure(String topic, int partitions, int retentionHours) throws Refused, InterruptedException;

    /**
     * Deletes a topic, if it is there.
     *
     * @throws Refused when it cannot be deleted
     */
    void delete(String topic) throws Refused, InterruptedException;
}
