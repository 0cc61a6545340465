package dev.photon.executor;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Makes safe how far the lanes of one consumer are. On that consumer's thread. */
interface Commits extends AutoCloseable {
    Duration LONGEST_WAIT = Duration.ofMillis(100);

    /**
     * Commits what something waits for.
     *
     * @return whether it is safe. When it is not, a rebalance is under way as a rule, and the next poll tells
     */
    boolean now(Map<TopicPartition, OffsetAndMetadata> claims);

    /**
     * Commits what is finished.
     *
     * @param due whether it is time to commit what nobody waits for, too
     */
    void finished(boolean due);

    /** How long the consumer may wait for records before {@link #finished} is called again; 100 ms at most. */
    default Duration patience() {
        return LONGEST_WAIT;
    }

    /**
     * Commits what is finished of partitions that are let go.
     *
     * @throws KafkaException when that fails: what is not committed runs again
     */
    void last(Collection<TopicPartition> leaving);

    /** The lanes are left as they are. */
    @Override
    void close();
}
