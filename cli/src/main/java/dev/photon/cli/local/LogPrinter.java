package dev.photon.cli.local;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.LogCodec;
import dev.photon.protocol.LogLine;
import dev.photon.protocol.PartitionTail;
import dev.photon.protocol.TopicPlan;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Prints what functions log, as the region keeps it. */
final class LogPrinter implements AutoCloseable {
    private final Screen screen;
    private final List<PartitionTail> tails = new ArrayList<>();

    LogPrinter(KafkaConnection kafka, TopicPlan plan, Screen screen) {
        this.screen = screen;
        for (int i = 0; i < plan.partitions(); i++) {
            var partition = new TopicPartition(plan.topics().logs(), i);
            tails.add(PartitionTail.open(
                    kafka, "log-printer-" + i, partition, PartitionTail.From.START, (batch, next) -> print(batch)));
        }
    }

    private void print(Iterable<ConsumerRecord<byte[], byte[]>> batch) {
        for (var source : batch) {
            if (LogCodec.decode(source) instanceof Decoded.Valid<LogLine> valid) {
                var line = valid.value();
                var message = line.message();
                // Many a line begins with its level.
                var levelled = message.startsWith(line.level().name()) ? message : line.level() + " " + message;
                screen.line("%s: %s".formatted(line.function(), levelled));
            }
        }
    }

    @Override
    public void close() {
        tails.forEach(PartitionTail::close);
    }
}
