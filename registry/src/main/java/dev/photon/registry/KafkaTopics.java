package dev.photon.registry;

import java.time.Duration;
import java.util.Optional;

/** Topics that the registry makes and deletes for an operator. Asks the brokers, and blocks for seconds. */
interface KafkaTopics {
    /**
     * A topic that is there.
     *
     * @param made whether it was not there before
     * @param id no other topic has it, of the same name neither; empty when it is not known
     * @param retention how long it keeps records; empty when it is not bounded in time
     */
    record Ensured(boolean made, Optional<String> id, int partitions, Optional<Duration> retention) {}

    /**
     * Makes a topic unless there is one of the name, which is left as it is.
     *
     * @throws Refused when there is none and none can be made, or the one that is there would lose records
     */
    Ensured ensure(String topic, int partitions, int retentionHours) throws Refused, InterruptedException;

    /**
     * Deletes a topic, if it is there.
     *
     * @throws Refused when it cannot be deleted
     */
    void delete(String topic) throws Refused, InterruptedException;
}
