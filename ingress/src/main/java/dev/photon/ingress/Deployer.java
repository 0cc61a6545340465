package dev.photon.ingress;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.DeployCommand;
import dev.photon.protocol.DeployResult;
import dev.photon.protocol.DeploymentCodec;
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
 * Turns an upload into a deployment command and finds its result. The results' reader is positioned before the first
 * command is sent, so none is missed. Thread-safe.
 */
final class Deployer implements AutoCloseable {
    private static final int INLINE_BYTES = 900_000;

    private final RegionConfig region;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<String, CompletableFuture<DeployResult.Decision>> waiting = new ConcurrentHashMap<>();
    private final Malformed malformed = new Malformed();
    private final PartitionTail tail;

    Deployer(RegionConfig region, String instance) {
        this.region = region;
        this.producer = region.kafka().producer("deployer-" + instance, Map.of("max.block.ms", "5000"));
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
    record Sent(String deploymentId, CompletableFuture<DeployResult.Decision> decision) {}

    /**
     * Sends a deployment. Blocks until Kafka has it all.
     *
     * @throws KafkaException when Kafka does not take it
     */
    Sent deploy(byte[] module, String toml) throws InterruptedException {
        var id = InvocationIds.next();
        var decision = new CompletableFuture<DeployResult.Decision>();
        waiting.put(id, decision);
        try {
            var command = new DeployCommand(id, "", toml, content(id, module, toml));
            acknowledged(producer.send(DeploymentCodec.encode(region.topics().deployments(), command)));
        } catch (RuntimeException | InterruptedException e) {
            waiting.remove(id);
            throw e;
        }
        return new Sent(id, decision);
    }

    /** Nobody waits for this one any more. */
    void forget(String deploymentId) {
        waiting.remove(deploymentId);
    }

    private DeployCommand.Content content(String id, byte[] module, String toml) throws InterruptedException {
        if (module.length + toml.length() <= INLINE_BYTES) {
            return new DeployCommand.Content.Inline(module);
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
        return new DeployCommand.Content.Uploaded(id, partition, first, chunks, module.length, Digest.of(module));
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
            switch (DeploymentCodec.decodeResult(source)) {
                case Decoded.Valid<DeployResult> valid -> complete(valid.value());
                case Decoded.Malformed<DeployResult> odd -> malformed.skipped(source, odd.reason());
            }
        }
    }

    private void complete(DeployResult result) {
        Optional.ofNullable(waiting.remove(result.deploymentId()))
                .ifPresent(waiter -> waiter.complete(result.decision()));
    }

    @Override
    public void close() {
        tail.close();
        producer.close(Duration.ofSeconds(2));
    }
}
