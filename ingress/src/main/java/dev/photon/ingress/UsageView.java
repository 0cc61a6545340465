package dev.photon.ingress;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Malformed;
import dev.photon.protocol.PartitionTail;
import dev.photon.protocol.Topics;
import dev.photon.protocol.UsageCodec;
import dev.photon.protocol.UsageRecord;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Reads {@code photon.usage} from its start into a table, on a thread of its own, and goes on. Thread-safe. */
final class UsageView implements AutoCloseable {
    private final UsageTable table;
    private final Malformed malformed = new Malformed();
    private final PartitionTail tail;

    UsageView(KafkaConnection kafka, Topics topics, String instance, UsageTable table) {
        this.table = table;
        var partition = new TopicPartition(topics.usage(), 0);
        this.tail =
                PartitionTail.open(kafka, "usage-view-" + instance, partition, PartitionTail.From.START, this::read);
    }

    /** Whether all that was there at the start is read. */
    boolean complete() {
        return tail.caughtUp().state() == Future.State.SUCCESS;
    }

    long malformedRecords() {
        return malformed.count();
    }

    private void read(Iterable<ConsumerRecord<byte[], byte[]>> batch, long position) {
        for (var source : batch) {
            switch (UsageCodec.decode(source)) {
                case Decoded.Valid<UsageRecord> valid -> table.apply(valid.value());
                case Decoded.Malformed<UsageRecord> odd -> malformed.skipped(source, odd.reason());
            }
        }
    }

    @Override
    public void close() {
        tail.close();
    }
}
