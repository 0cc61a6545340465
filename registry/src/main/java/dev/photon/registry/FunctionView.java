package dev.photon.registry;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.DeployResult;
import dev.photon.protocol.Digest;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Malformed;
import dev.photon.protocol.PartitionTail;
import dev.photon.protocol.Topics;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A live, read-only copy of {@code photon.functions}. Its own thread reads the log from the start, only what was
 * committed, and goes on reading; every method may be called from any thread and none blocks, except {@link #close}.
 */
public final class FunctionView implements AutoCloseable {
    private final FunctionTable table = new FunctionTable();
    private final Malformed malformed = new Malformed();
    private final ConcurrentSkipListMap<Long, CompletableFuture<Void>> waiting = new ConcurrentSkipListMap<>();
    private final PartitionTail tail;
    private volatile long position;

    public FunctionView(KafkaConnection kafka, Topics topics, String instance) {
        var partition = new TopicPartition(topics.functions(), 0);
        this.tail =
                PartitionTail.open(kafka, "function-view-" + instance, partition, PartitionTail.From.START, this::read);
    }

    /** Completes when the view has everything that was committed before it was opened. */
    public CompletableFuture<Void> ready() {
        return tail.caughtUp();
    }

    /** What the name and version stand for now; without a version, the latest. */
    public Resolution resolve(String name, Optional<String> version) {
        // Read before the table: what is found is at least as new as the position says.
        var at = position;
        var found = version.isPresent() ? table.version(name, version.get()) : table.latest(name);
        if (found.isPresent()) {
            return new Resolution.Found(found.get(), at);
        }
        return version.isPresent() && table.has(name)
                ? new Resolution.NoVersion(name, version.get())
                : new Resolution.NoFunction(name);
    }

    /** Completes, on any thread, when the view has read up to this position of {@code photon.functions}. */
    public CompletableFuture<Void> awaitPosition(long wanted) {
        if (position >= wanted) {
            return CompletableFuture.completedFuture(null);
        }
        var waiter = waiting.computeIfAbsent(wanted, at -> new CompletableFuture<>());
        if (position >= wanted) {
            // The reader may have passed between the check and the registration.
            waiter.complete(null);
        }
        return waiter.copy();
    }

    /** Completes, on any thread, when the view has the version that was accepted. */
    public CompletableFuture<Void> await(DeployResult.Accepted accepted) {
        var next = position + 1;
        return table.version(accepted.name(), accepted.version()).isPresent()
                ? CompletableFuture.completedFuture(null)
                : awaitPosition(next).thenCompose(moved -> await(accepted));
    }

    /** The names of all functions, in order. */
    public List<String> names() {
        return table.names();
    }

    /** The next offset of {@code photon.functions} to be read. */
    public long position() {
        return position;
    }

    /** How many records were skipped because they are not manifests. */
    public long malformedRecords() {
        return malformed.count();
    }

    Optional<Manifest> version(String name, String version) {
        return table.version(name, version);
    }

    Optional<Manifest> anyWith(Digest digest) {
        return table.anyWith(digest);
    }

    private void read(Iterable<ConsumerRecord<byte[], byte[]>> batch, long next) {
        for (var source : batch) {
            switch (ManifestCodec.decode(source)) {
                case Decoded.Valid<Manifest> valid -> table.add(valid.value());
                case Decoded.Malformed<Manifest> odd -> malformed.skipped(source, odd.reason());
            }
        }
        position = next;
        var reached = waiting.headMap(next, true);
        reached.values().forEach(waiter -> waiter.complete(null));
        reached.clear();
    }

    @Override
    public void close() {
        tail.close();
    }
}
