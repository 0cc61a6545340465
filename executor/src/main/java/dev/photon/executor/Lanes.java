package dev.photon.executor;

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

    /** The lane of a partition whose log begins anew, at this offset. */
    Lane anew(TopicPartition partition, long from);
}
