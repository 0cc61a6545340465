package dev.photon.ingress;

import dev.photon.protocol.Command;
import dev.photon.protocol.CommandCodec;
import dev.photon.protocol.CommandResult;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.Digest;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.Malformed;
import dev.photon.protocol.PartitionTail;
import dev.photon.protocol.RegionConfig;
import dev.photon.registry.Chunking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Sends commands to the registry and finds their results. The results' reader is positioned before the first
 * command is sent, so none is missed. Thread-safe.
 */
final class CommandSender implements AutoCloseable {
    private static final int INLINE_BYTES = 900_000;

    private final RegionConfig region;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<String, CompletableFuture<CommandResult.Decision>> waiting = new ConcurrentHashMap<>();
    private final Malformed malformed = new Malformed();
    private final PartitionTail tail;

    CommandSender(RegionConfig region, String instance) {
        this.region = region;
        this.producer = region.kafka().producer("commands-" + instance, Map.of("max.block.ms", "5000"));
        this.tail = PartitionTail.open(
                region.kafka(),
                "deployment-results-" + instance,
                new TopicPartition(region.topics().deploymentResults(), 0),
                PartitionTail.From.END,
                this::read);
    }

    /** Completes when the result of every command sent from now on will be seen. */
    CompletableFuture<Void> positioned() {
        return tail.caughtUp();
    }

    long malformedRecords() {
        return malformed.count();
    }

    /** The command that was sent, and the decision once there is one. */
    record Sent(String commandId, CompletableFuture<CommandResult.Decision> decision) {}

    /**
     * Sends a deployment. Blocks until Kafka has it all.
     *
     * @throws KafkaException when Kafka does not take it
     */
    Sent deploy(byte[] module, String toml, String by) throws InterruptedException {
        var id = InvocationIds.next();
        return send(id, by, new Command.Deploy("", toml, content(id, module, toml)));
    }

    /**
     * Sends a command. Blocks until Kafka has it.
     *
     * @throws KafkaException when Kafka does not take it
     */
    Sent send(Command.Change change, String by) throws InterruptedException {
        return send(InvocationIds.next(), by, change);
    }

    private Sent send(String id, String by, Command.Change change) throws InterruptedException {
        var decision = new CompletableFuture<CommandResult.Decision>();
        waiting.put(id, decision);
        try {
            var command = new Command(id, by, change);
            acknowledged(producer.send(CommandCodec.encode(region.topics().deployments(), command)));
        } catch (RuntimeException | InterruptedException e) {
            waiting.remove(id);
            throw e;
        }
        return new Sent(id, decision);
    }

    /** Nobody waits for this one any more. */
    void forget(String commandId) {
        waiting.remove(commandId);
    }

    private Command.Content content(String id, byte[] module, String toml) throws InterruptedException {
        if (module.length + toml.length() <= INLINE_BYTES) {
            return new Command.Content.Inline(module);
        }
        var topic = region.topics().uploads();
        var partition = Chunking.partition(id, producer.partitionsFor(topic).size());
        var chunks = Chunking.count(module.length);
        var sends = new ArrayList<Future<RecordMetadata>>();
        for (int index = 0; index < chunks; index++) {
            sends.add(producer.send(new ProducerRecord<>(
                    topic, partition, Chunking.uploadKey(id, index), Chunking.chunk(module, index))));
        }
        var first = acknowledged(sends.getFirst()).offset();
        for (var send : sends) {
            acknowledged(send);
        }
        return new Command.Content.Uploaded(id, partition, first, chunks, module.length, Digest.of(module));
    }

    private static RecordMetadata acknowledged(Future<RecordMetadata> send) throws InterruptedException {
        try {
            return send.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }

    private void read(Iterable<ConsumerRecord<byte[], byte[]>> batch, long position) {
        for (var source : batch) {
            switch (CommandCodec.decodeResult(source)) {
                case Decoded.Valid<CommandResult> valid -> complete(valid.value());
                case Decoded.Malformed<CommandResult> odd -> malformed.skipped(source, odd.reason());
            }
        }
    }

    private void complete(CommandResult result) {
        Optional.ofNullable(waiting.remove(result.commandId())).ifPresent(waiter -> waiter.complete(result.decision()));
    }

    @Override
    public void close() {
        tail.close();
        producer.close(Duration.ofSeconds(2));
    }
}
