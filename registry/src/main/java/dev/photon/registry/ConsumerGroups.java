package dev.photon.registry;

import java.util.Set;
import org.apache.kafka.common.KafkaException;

/** The consumer groups of a Kafka cluster. Asks anew each time, and blocks. */
interface ConsumerGroups {
    /**
     * The names of all.
     *
     * @throws KafkaException when they are not known
     */
    Set<String> names() throws InterruptedException;

    /**
     * Deletes those that nobody is in.
     *
     * @return those that somebody is in
     * @throws KafkaException when some of the others may be left
     */
    Set<String> delete(Set<String> groups) throws InterruptedException;
}
