package dev.photon.k8s;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.InvocationCodec;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyCodec;
import dev.photon.protocol.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * All invocations and replies of a region, read while they are written, since replies are removed after ten minutes. A
 * record that is not there any more, or cannot be read, is an error.
 */
final class Recorded implements AutoCloseable {
    private static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX);

    /** What stands in the log; each list in the order of the partitions. */
    record Log(List<Invocation> invocations, List<Reply> replies) {}

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final CompletableFuture<Log> whole;
    private volatile boolean complete;

    Recorded(KafkaConnection kafka) {
        whole = CompletableFuture.supplyAsync(() -> read(kafka), thread);
    }

    private Log read(KafkaConnection kafka) {
        var log = new Log(new ArrayList<>(), new ArrayList<>());
        try (var consumer = kafka.consumer("ledger", Map.of())) {
            var partitions = new ArrayList<TopicPartition>();
            for (var topic : List.of(TOPICS.invocations(), TOPICS.responses())) {
                consumer.partitionsFor(topic)
                        .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!complete) {
                poll(consumer, log);
            }
            var ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                poll(consumer, log);
            }
        }
        return log;
    }

    private static void poll(KafkaConsumer<byte[], byte[]> consumer, Log log) {
        for (var read : consumer.poll(Duration.ofMillis(500))) {
            if (read.topic().equals(TOPICS.invocations())) {
                log.invocations().add(value(InvocationCodec.decode(read), read));
            } else {
                log.replies().add(value(ReplyCodec.decode(read), read));
            }
        }
    }

    private static <T> T value(Decoded<T> decoded, ConsumerRecord<byte[], byte[]> read) {
        return switch (decoded) {
            case Decoded.Valid<T> valid -> valid.value();
            case Decoded.Malformed<T> malformed ->
                throw new AssertionError(
                        "%s-%d at %d: %s".formatted(read.topic(), read.partition(), read.offset(), malformed.reason()));
        };
    }

    /** Everything up to now. */
    Log whole() {
        complete = true;
        return whole.join();
    }

    @Override
    public void close() {
        complete = true;
        thread.close();
    }
}
