package dev.photon.registry;

import dev.photon.protocol.Command;
import dev.photon.protocol.CommandCodec;
import dev.photon.protocol.CommandResult;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.Digest;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Malformed;
import dev.photon.protocol.PartitionTail;
import dev.photon.protocol.RegionConfig;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Sends commands to the registry and finds their results. The results' reader is positioned before the first
 * command is sent, so none is missed. Thread-safe.
 */
public final class CommandSender implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final RegionConfig region;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<String, CompletableFuture<CommandResult.Decision>> waiting = new ConcurrentHashMap<>();
    private final Malformed malformed = new Malformed();
    private final PartitionTail tail;

    public CommandSender(RegionConfig region, String instance) {
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
    public CompletableFuture<Void> positioned() {
        return tail.caughtUp();
    }

    public long malformedRecords() {
        return malformed.count();
    }

    /** The command that was sent, and the decision once there is one. */
    public record Sent(String commandId, CompletableFuture<CommandResult.Decision> decision) {}

    /**
     * What is to be deployed; one of the two at least. Bytes are between a buffer's position and limit.
     *
     * @param assets a zip archive of static files
     */
    public record Deployment(Optional<ByteBuffer> module, Optional<ByteBuffer> assets, String toml) {
        /** A function without files. */
        public static Deployment of(ByteBuffer module, String toml) {
            return new Deployment(Optional.of(module), Optional.empty(), toml);
        }
    }

    /**
     * Sends a deployment. Blocks until Kafka has it all. A module that does not fit one record is uploaded before, as
     * files are, a little of it in memory at a time.
     *
     * @throws KafkaException when Kafka does not take it
     */
    public Sent deploy(Deployment wanted, String by) throws InterruptedException {
        var id = InvocationIds.next();
        if (!region.others().isEmpty() && !Placement.allows(wanted.toml(), region.name())) {
            // Not even the upload may lie here.
            var refused = new CommandResult.Rejected(ErrorKind.BAD_REQUEST, Placement.leavesOut(region.name()));
            return new Sent(id, CompletableFuture.completedFuture(refused));
        }
        var assets = wanted.assets().isPresent()
                ? Optional.of(upload(id + "-assets", wanted.assets().get()))
                : Optional.<Command.Content.Uploaded>empty();
        var module = wanted.module().isPresent()
                ? Optional.of(content(id, wanted.module().get(), wanted.toml()))
                : Optional.<Command.Content>empty();
        return send(id, by, new Command.Deploy("", wanted.toml(), module, assets));
    }

    /**
     * Uploads content that another region's function needs here, and asks to keep it. Blocks until Kafka has it all.
     *
     * @param content between the buffer's position and limit
     * @throws KafkaException when Kafka does not take it
     */
    public Sent place(ByteBuffer content, String by) throws InterruptedException {
        var id = InvocationIds.next();
        return send(id, by, new Command.Place(upload(id, content)));
    }

    /**
     * Sends a command. Blocks until Kafka has it.
     *
     * @throws KafkaException when Kafka does not take it
     */
    public Sent send(Command.Change change, String by) throws InterruptedException {
        return send(InvocationIds.next(), by, change);
    }

    private Sent send(String id, String by, Command.Change change) throws InterruptedException {
        var decision = new CompletableFuture<CommandResult.Decision>();
        waiting.put(id, decision);
        try {
            var command = new Command(id, by, change);
            Awaited.of(producer.send(CommandCodec.encode(region.topics().deployments(), command)));
        } catch (RuntimeException | InterruptedException e) {
            waiting.remove(id);
            throw e;
        }
        return new Sent(id, decision);
    }

    /** Nobody waits for this one any more. */
    public void forget(String commandId) {
        waiting.remove(commandId);
    }

    private Command.Content content(String id, ByteBuffer module, String toml) throws InterruptedException {
        if (module.remaining() + toml.length() <= KafkaConnection.RECORD_BYTES) {
            var bytes = new byte[module.remaining()];
            module.get(module.position(), bytes);
            return new Command.Content.Inline(bytes);
        }
        return upload(id, module);
    }

    private Command.Content.Uploaded upload(String id, ByteBuffer module) throws InterruptedException {
        var chunks = region.kafka().producer("upload-" + id, ChunkWriter.PRODUCER);
        try {
            var writer = new ChunkWriter(chunks, region.topics().uploads());
            var place = writer.write(writer.partition(id), index -> Chunking.uploadKey(id, index), module);
            return new Command.Content.Uploaded(
                    id, place.partition(), place.firstOffset(), place.count(), module.remaining(), Digest.of(module));
        } finally {
            chunks.close(GRACE);
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
        producer.close(GRACE);
    }
}
