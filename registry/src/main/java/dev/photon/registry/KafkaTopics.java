package dev.photon.registry;

/** Topics that the registry makes and deletes for an operator. Asks the brokers, and blocks for seconds. */
interface KafkaTopics {
    /**
     * Makes a topic unless there is one of the name, which is left as it is.
     *
     * @return whether it was made
     * @throws Refused when there is none and none can be made, or the one that is there would lose records
     */
    boolean ensure(String topic, int partitions, int retentionHours) throws Refused, InterruptedException;

    /**
     * Deletes a topic, if it is there.
     *
     * @throws Refused when it cannot be deleted
     */
    void delete(String topic) throws Refused, InterruptedException;
}
