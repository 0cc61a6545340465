package dev.photon.ingress;

import dev.photon.ingress.scaler.RunTimes;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Malformed;
import dev.photon.protocol.PartitionTail;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyCodec;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the one partition of {@code photon.responses} that this ingress has assigned itself, so that a reply always
 * comes to where its request waits. Ingresses may share a partition; what names another instance is left alone.
 */
final class ReplyReader implements AutoCloseable {
    private final Optional<String> instance;
    private final PendingReplies pending;
    private final OutstandingCalls outstanding;
    private final RunTimes runTimes;
    private final Malformed malformed = new Malformed();
    private final PartitionTail tail;

    ReplyReader(
            KafkaConnection kafka,
            TopicPartition partition,
            String instance,
            PendingReplies pending,
            OutstandingCalls outstanding,
            RunTimes runTimes) {
        this.instance = Optional.of(instance);
        this.pending = pending;
        this.outstanding = outstanding;
        this.runTimes = runTimes;
        this.tail = PartitionTail.open(kafka, "replies-" + instance, partition, PartitionTail.From.END, this::read);
    }

    /** Completes when the reply to every request sent from now on will be seen. */
    CompletableFuture<Void> positioned() {
        return tail.caughtUp();
    }

    long malformedRecords() {
        return malformed.count();
    }

    private void read(Iterable<ConsumerRecord<byte[], byte[]>> sources, long position) {
        var batch = new ArrayList<Reply>();
        for (var source : sources) {
            switch (ReplyCodec.decode(source)) {
                case Decoded.Valid<Reply> valid -> {
                    // Others' too: the more, the better the mean.
                    var timing = valid.value().timing();
                    runTimes.ran(timing.pool(), timing.run());
                    if (valid.value().instance().equals(instance)
                            && !outstanding.end(valid.value().invocationId())) {
                        batch.add(valid.value());
                    }
                }
                case Decoded.Malformed<Reply> odd -> malformed.skipped(source, odd.reason());
            }
        }
        pending.complete(batch);
    }

    @Override
    public void close() {
        tail.close();
    }
}
