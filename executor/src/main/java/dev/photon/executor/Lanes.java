package dev.photon.executor;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Makes what takes care of a partition, on its consumer's thread. */
interface Lanes {

    /**
     * The lane of a partition that has become ours.
     *
     * @param consumer stands where the commit says; where there is none, at the begin. It may be moved
     */
    Lane open(Consumer<byte[], byte[]> consumer, TopicPartition partition, Optional<OffsetAndMetadata> commit);

    /**
     * What commits the lanes of a consumer.
     *
     * @param lanes those that are the consumer's, as they are at any moment
     */
    default Commits commits(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Lane> lanes) {
        return new PlainCommits(consumer, lanes);
    }

    /** Is called now and then, a few times in a second. Waits for nothing. */
    default void look(Consumer<byte[], byte[]> consumer) {}

    /** The lane of a partition whose log begins anew, at this offset. */
    Lane anew(TopicPartition partition, long from);
}
